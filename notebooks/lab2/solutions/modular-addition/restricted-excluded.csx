double RestrictedLoss(Tensor logits, int[] frequencies)
{
    var kept = logits.mean(0, keepdim: true) + Along(logits, sums, frequencies, p);
    return Loss(kept, labels);
}

double ExcludedLoss(Tensor logits, int[] frequencies)
{
    var rest = logits - Along(logits, sums, frequencies, p);
    return Loss(rest[train], labels[train]);
}
