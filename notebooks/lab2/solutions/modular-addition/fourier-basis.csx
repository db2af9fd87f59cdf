Tensor Waves(int p)   // → float64 [p, p]: wave, x
{
    var x = torch.arange(p).to(ScalarType.Float64);
    var rows = new List<Tensor> { torch.ones_like(x) };
    for (var k = 1; k <= p / 2; k++)
    {
        var angle = 2 * Math.PI * k / p * x;
        rows.Add(angle.cos());
        rows.Add(angle.sin());
    }
    var basis = torch.stack([.. rows]);
    return basis / basis.square().sum(-1, keepdim: true).sqrt();
}
