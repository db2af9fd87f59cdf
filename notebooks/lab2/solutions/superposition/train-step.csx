// → the loss before the step
double TrainStep(optim.Optimizer optimizer, Tensor W, Tensor b, Tensor importance, Tensor x)
{
    using var scope = torch.NewDisposeScope();   // frees what a step makes
    optimizer.zero_grad();
    var loss = ToyLoss(x, Rebuild(x, W, b), importance);
    loss.backward();
    optimizer.step();
    return loss.ToDouble();
}
