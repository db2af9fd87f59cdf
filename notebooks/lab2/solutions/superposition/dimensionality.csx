Tensor Dimensionality(Tensor W)   // [feature, hidden] → [feature]
{
    var norms = W.square().sum(-1, keepdim: true).sqrt();   // [feature, 1]
    var products = (W / norms).matmul(W.t());               // [i, j]
    return norms.square().squeeze(-1) / products.square().sum(-1);
}
