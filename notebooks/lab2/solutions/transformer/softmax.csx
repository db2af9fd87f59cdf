Tensor Softmax(Tensor x, int dim)   // any shape → the same shape, sums along dim are 1
{
    var powers = (x - x.amax(dim, keepdim: true)).exp();
    return powers / powers.sum(dim, keepdim: true);
}
