Tensor Rebuild(Tensor x, Tensor W, Tensor b)   // → [batch, feature]
{
    var h = x.matmul(W);                  // [batch, hidden]
    return (h.matmul(W.t()) + b).relu();
}
