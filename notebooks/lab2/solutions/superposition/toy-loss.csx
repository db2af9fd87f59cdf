Tensor ToyLoss(Tensor x, Tensor rebuilt, Tensor importance)   // [batch, feature] twice, [feature] → one number
{
    var errors = (x - rebuilt).square();           // [batch, feature]
    return (importance * errors).sum(-1).mean();
}
