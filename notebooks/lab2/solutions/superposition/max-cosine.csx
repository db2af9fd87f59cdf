double MeanMaxCosine(Tensor truth, Tensor learned)   // [feature, width], [latent, width] → at most 1
{
    var cosines = UnitRows(truth).matmul(UnitRows(learned).t());   // [feature, latent]
    return cosines.amax(-1).mean().ToDouble();
}
