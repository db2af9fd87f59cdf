Tensor AttentionOutput(Tensor pattern, Tensor v, Tensor W_O, Tensor b_O)
{
    var z = torch.einsum("bhqk,bkhe->bqhe", pattern, v);       // [batch, pos, head, d_head]
    return torch.einsum("bqhe,hed->bqd", z, W_O) + b_O;        // [batch, pos, d_model]
}
