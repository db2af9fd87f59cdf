// [pair, answer], a + b [pair] → [pair, answer]
Tensor Along(Tensor logits, Tensor sums, int[] frequencies, int p)
{
    var kept = torch.zeros_like(logits);
    foreach (var k in frequencies)
    {
        var angle = 2 * Math.PI * k / p * sums.to(ScalarType.Float64);      // [pair]
        foreach (var wave in new[] { angle.cos(), angle.sin() })
        {
            var u = wave / wave.square().sum().sqrt();
            kept = kept + u.unsqueeze(1) * u.matmul(logits);
        }
    }
    return kept;
}
