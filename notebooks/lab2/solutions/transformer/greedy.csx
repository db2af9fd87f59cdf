Tensor Greedy(Tensor tokens, int count, TransformerWeights w)   // [1, pos] → [1, pos + count]
{
    for (var i = 0; i < count; i++)
    {
        var next = Transformer(tokens, w)[0, ^1].argmax();
        tokens = torch.cat([tokens, next.view(1, 1)], 1);
    }
    return tokens;
}
