Tensor Transformer(Tensor tokens, TransformerWeights w)   // [batch, pos] → [batch, pos, d_vocab]
{
    var x = Embed(tokens, w.W_E, w.W_pos);
    foreach (var layer in w.Layers) x = Block(x, layer);
    return LayerNorm(x, w.LNf_w, w.LNf_b).matmul(w.W_U);
}
