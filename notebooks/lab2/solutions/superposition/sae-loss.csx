// x and rebuilt [batch, width], f [batch, latent]
Tensor SaeLoss(Tensor x, Tensor rebuilt, Tensor f, double lambda)
{
    var error = (x - rebuilt).square().sum(-1).mean();
    var sparsity = f.abs().sum(-1).mean();
    return error + lambda * sparsity;
}
