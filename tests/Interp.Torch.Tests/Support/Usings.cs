global using Interp.Torch.Engine;
global using Interp.Torch.Optim;
global using Interp.Torch.Tests.Support;
global using Operator = Interp.Torch.Engine.Operator;
