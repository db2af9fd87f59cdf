Tensor AttentionScores(Tensor q, Tensor k)   // [batch, pos, head, d_head] each → [batch, head, query, key]
{
    return torch.einsum("bqhe,bkhe->bhqk", q, k) / Math.Sqrt(q.size(-1));
}
