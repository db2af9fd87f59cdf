Tensor LayerNorm(Tensor x, Tensor w, Tensor b, double eps = 1e-5)   // x […, d], w and b [d] → […, d]
{
    var centred = x - x.mean(-1, keepdim: true);
    var variance = centred.square().mean(-1, keepdim: true);   // […, 1]
    return centred / (variance + eps).sqrt() * w + b;
}
