using Interp.Sae.Dictionaries;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Dictionaries;

public class TrainingParityTests
{
    private const string Data = "fixtures/training/sae_l1_adam_50steps.safetensors";

    [SharedFact(Data)]
    public void Fifty_steps_of_Adam_give_the_losses_and_weights_of_PyTorch()
    {
        using var scope = torch.NewDisposeScope();
        var file = new Fixture(Data);
        using var generator = new Generator(0);
        using var dictionary = new StandardOptions
        {
            DIn = 16,
            DSae = 64,
            L1Coefficient = 0.03,
            ScaleByDecoderNorm = false
        }.Create(generator);
        foreach (var (name, tensor) in dictionary.Weights) tensor.copy_(file["init." + name]);
        dictionary.RequireGradients();
        using var adam = new FusedAdamW(dictionary.Parameters, 1e-3, beta1: 0.9, beta2: 0.99);
        for (var step = 0; step < 50; step++)
        {
            using var inner = torch.NewDisposeScope();
            adam.zero_grad();
            var loss = dictionary.Loss(file["x"], file["x"], LossContext.Default);
            loss.Total.backward();
            adam.step();
            Assert.Equal(file["losses_l2_l1"][step, 0].ToDouble(), loss.Reconstruction.ToDouble(), 1e-4);
            Assert.Equal(file["losses_l2_l1"][step, 1].ToDouble() * 0.03, loss.Sparsity.ToDouble(), 1e-4);
        }

        foreach (var (name, tensor) in dictionary.Weights) Kinds.Close(file["final." + name], tensor.detach(), 2e-5);
    }
}
