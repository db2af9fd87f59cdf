Tensor Pattern(Tensor scores)   // [batch, head, query, key] → the same shape
{
    var future = torch.ones([scores.size(-2), scores.size(-1)]).triu(1).ne(0);   // [query, key]
    return Softmax(scores.masked_fill(future, double.NegativeInfinity), -1);
}
