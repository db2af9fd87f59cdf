double ExplainedVariance(Tensor x, Tensor rebuilt)   // [batch, width] twice → at most 1
{
    var left = (x - rebuilt).square().sum();
    var variance = (x - x.mean(0, keepdim: true)).square().sum();
    return 1 - (left / variance).ToDouble();
}

double L0(Tensor f)   // [batch, latent] → latents that are on in an example, on average
{
    return f.gt(0).sum(-1).to(ScalarType.Float32).mean().ToDouble();
}
