Tensor Block(Tensor x, LayerWeights w)   // [batch, pos, d_model] → the same shape
{
    var mid = x + Attention(LayerNorm(x, w.LN1_w, w.LN1_b), w);
    return mid + Mlp(LayerNorm(mid, w.LN2_w, w.LN2_b), w.W_in, w.b_in, w.W_out, w.b_out);
}
