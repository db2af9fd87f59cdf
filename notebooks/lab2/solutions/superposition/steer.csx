// → logits [batch, pos, d_vocab]
Tensor Steer(Tensor tokens, SparseCoder dictionary, int feature, double strength)
{
    var direction = dictionary["W_dec"][feature];   // [d_model]
    return stories.RunWithHooks(tokens, new Hook(hook, (value, _) => value + strength * direction));
}
