Tensor Encode(Tensor x, Sae sae)   // [batch, width] → [batch, latent]
{
    return ((x - sae.b_dec).matmul(sae.W_enc) + sae.b_enc).relu();
}

Tensor Decode(Tensor f, Sae sae)   // [batch, latent] → [batch, width]
{
    return f.matmul(sae.W_dec) + sae.b_dec;
}
