Tensor DrawFeatures(int batch, int features, double density, Generator random)   // → [batch, feature]
{
    var on = torch.rand([batch, features], generator: random).lt(density);
    var values = torch.rand([batch, features], generator: random);
    return torch.where(on, values, 0.0);
}
