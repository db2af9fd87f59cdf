Tensor Gelu(Tensor x)
{
    return x / 2 * (1 + (Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x.pow(3))).tanh());
}
