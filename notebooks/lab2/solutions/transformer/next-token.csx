Tensor NextProbabilities(Tensor logits, double temperature, int topK)   // [d_vocab] → [d_vocab], sums to 1
{
    var scaled = logits / temperature;
    var smallest = scaled.topk(topK).values[^1];
    return Softmax(scaled.masked_fill(scaled < smallest, double.NegativeInfinity), -1);
}
