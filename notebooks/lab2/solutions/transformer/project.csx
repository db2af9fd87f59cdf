Tensor Project(Tensor x, Tensor W, Tensor b)
{
    return torch.einsum("bpd,hde->bphe", x, W) + b;   // [batch, pos, head, d_head]
}
