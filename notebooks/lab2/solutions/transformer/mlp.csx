// x [batch, pos, d_model] → the same shape
Tensor Mlp(Tensor x, Tensor W_in, Tensor b_in, Tensor W_out, Tensor b_out)
{
    var neurons = Gelu(x.matmul(W_in) + b_in);     // [batch, pos, d_mlp]
    return neurons.matmul(W_out) + b_out;          // [batch, pos, d_model]
}
