Tensor Wave(Tensor pairs, int k, int p)   // [pair, 3] → float64 [pair, answer]
{
    var sum = pairs.select(1, 0) + pairs.select(1, 1);             // [pair]
    var distance = sum.unsqueeze(1) - torch.arange(p);             // [pair, answer]
    return (2 * Math.PI * k / p * distance.to(ScalarType.Float64)).cos();
}
