Tensor UnitRows(Tensor W)   // [latent, width] → the same shape, every row of length 1
{
    return W / W.square().sum(-1, keepdim: true).sqrt();
}
