Tensor Embed(Tensor tokens, Tensor W_E, Tensor W_pos)
{
    return W_E[tokens] + W_pos.narrow(0, 0, tokens.size(1));   // [batch, pos, d_model]
}
