double Loss(Tensor logits, Tensor labels)   // [pair, answer], [pair] → nats
{
    var logProbs = logits.to(ScalarType.Float64).log_softmax(-1);      // [pair, answer]
    return -logProbs.gather(1, labels.unsqueeze(1)).mean().ToDouble();
}
