(double[] Alpha, double Explained) FitWaves(Tensor logits, Tensor[] waves)   // [pair, answer] each
{
    var centred = logits - logits.mean(-1, keepdim: true);
    var alpha = waves.Select(wave => ((centred * wave).sum() / wave.square().sum()).ToDouble()).ToArray();
    var fit = torch.zeros_like(centred);
    for (var i = 0; i < waves.Length; i++) fit = fit + alpha[i] * waves[i];
    return (alpha, 1 - ((centred - fit).square().sum() / centred.square().sum()).ToDouble());
}
