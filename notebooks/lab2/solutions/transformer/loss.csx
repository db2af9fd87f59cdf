double Loss(Tensor logits, Tensor tokens)   // [batch, pos, d_vocab], [batch, pos] → a number
{
    var count = tokens.size(1) - 1;
    var logProbs = logits.narrow(1, 0, count).log_softmax(-1);          // [batch, pos - 1, d_vocab]
    var next = tokens.narrow(1, 1, count).unsqueeze(-1);                // [batch, pos - 1, 1]
    return -logProbs.gather(-1, next).mean().ToDouble();
}
