using Interp.Models;
using Interp.Studies.ModularAddition;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.ModularAddition;

/// <summary>The short way to logits and gradients against <see cref="HookedTransformer"/>, which runs every position.</summary>
public sealed class PairForwardTests(ITestOutputHelper output) : IDisposable
{
    private const string Fixture = "fixtures/training/modadd_p13_adamw_50steps.safetensors";
    private const string FixtureModel = "fixtures/tl_modadd_1L";

    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(ModularOperation.Add, true), InlineData(ModularOperation.Add, false)]
    [InlineData(ModularOperation.Subtract, true), InlineData(ModularOperation.Multiply, true)]
    public void Logits_and_gradients_are_those_of_the_whole_network(ModularOperation operation, bool fuse)
    {
        var options = new ModularAdditionOptions { Modulus = 23, Operation = operation, ModelWidth = 36, Heads = 3, Neurons = 100, Seed = 4 };
        var (task, split) = (new ModularTask(23, operation), PairSplit.Create(operation == ModularOperation.Multiply ? 22 : 23, 0.4, 1));
        using var generator = new Generator(options.Seed);
        using var model = ModularModel.Create(options, generator).RequireGradients();
        using (torch.no_grad())
            foreach (var (_, tensor) in model.Weights.Named()) tensor.add_(torch.randn(tensor.shape, generator: generator) * 0.3);
        using var batch = new PairBatch(task, split.Train, torch.CPU);
        using var forward = new PairForward(model, task, batch, fuse);
        var tokens = Tokens(task, split.Train.Order());

        var whole = model.Forward(tokens)[.., ^1];
        var logits = forward.Logits();
        Assert.InRange(Difference(logits, whole), 0, 1e-6);

        PairForward.Loss(whole, Labels(task, split.Train.Order())).backward();
        var expected = Gradients(model);
        foreach (var (_, tensor) in model.Weights.Named()) tensor.grad = null;
        forward.Loss().backward();
        foreach (var (name, gradient) in Gradients(model))
        {
            output.WriteLine($"{name}: {Difference(gradient, expected[name]):E2}");
            Assert.InRange(Difference(gradient, expected[name]), 0, 2e-6);
        }
    }

    [SharedFact(Fixture, FixtureModel)]
    public void Fifty_steps_of_AdamW_follow_the_reference_implementation()
    {
        using var file = WeightFile.Open(SharedData.Path(Fixture));
        using var model = HookedTransformer.Load(SharedData.Path(FixtureModel));
        Restore(model, file, "init.");
        // The reference trains no biases.
        model.RequireGradients();
        foreach (var (name, tensor) in model.Weights.Named())
            if (name.Contains(".b_")) tensor.requires_grad_(false);
        var (task, x) = (new ModularTask(13), file.Load("X"));
        var pairs = Enumerable.Range(0, (int)x.size(0)).Select(k => (int)(x[k, 0].ToInt64() * 13 + x[k, 1].ToInt64())).ToArray();
        using var batch = new PairBatch(task, pairs, torch.CPU);
        using var forward = new PairForward(model, task, batch);
        using var optimizer = new FusedAdamW(model.Weights.Named().Where(pair => pair.Tensor.requires_grad).Select(pair => pair.Tensor),
            weight_decay: 1, beta2: 0.98);

        var losses = file.Load("losses_f64").ToArray<double>();
        for (var step = 0; step < losses.Length; step++)
        {
            using var inner = torch.NewDisposeScope();
            optimizer.zero_grad();
            var loss = forward.Loss();
            loss.backward();
            if (step == 0) CompareFirstGradients(model, file);
            optimizer.step();
            Assert.InRange(Math.Abs(loss.ToDouble() / losses[step] - 1), 0, 2e-6);
        }

        foreach (var (name, tensor) in Loading.ModelSaver.StateDict(model))
            Assert.InRange(Difference(tensor, file.Load("final." + name)), 0, 2e-5);
    }

    [Fact]
    public void Running_a_batch_again_before_its_gradients_is_an_error()
    {
        var options = new ModularAdditionOptions { Modulus = 5, ModelWidth = 8, Heads = 2, Neurons = 8 };
        using var generator = new Generator(0);
        using var model = ModularModel.Create(options, generator).RequireGradients();
        using var batch = new PairBatch(new ModularTask(5), Enumerable.Range(0, 20), torch.CPU);
        using var forward = new PairForward(model, new ModularTask(5), batch);
        var loss = forward.Loss();
        forward.Loss();
        Assert.Contains("run again", Assert.ThrowsAny<Exception>(() => Interp.Tensors.Gradients.Backward(loss)).Message);
    }

    [Fact]
    public void A_network_of_another_kind_is_an_error_that_says_what_is_expected()
    {
        using var generator = new Generator(0);
        var config = ModularModel.Config(new ModularAdditionOptions { Modulus = 5 }) with { NLayers = 2 };
        using var model = ModelInitializer.Create(config, generator);
        using var batch = new PairBatch(new ModularTask(5), [1, 2], torch.CPU);
        Assert.Contains("one layer", Assert.Throws<ArgumentException>(() => new PairForward(model, new ModularTask(5), batch)).Message);
    }

    private static Tensor Tokens(ModularTask task, IEnumerable<int> pairs)
    {
        var ids = pairs.SelectMany(pair => (long[])[task.First[pair / task.Order], task.Second[pair % task.Order], task.EqualsToken]).ToArray();
        return torch.tensor(ids, [ids.Length / 3, 3]);
    }

    /// <summary>The answers, computed without the task's tables.</summary>
    private static Tensor Labels(ModularTask task, IEnumerable<int> pairs) => torch.tensor(pairs.Select(pair =>
    {
        var (a, b, p) = (task.First[pair / task.Order], task.Second[pair % task.Order], task.Modulus);
        return task.Operation switch
        {
            ModularOperation.Add => (long)(a + b) % p,
            ModularOperation.Subtract => (a - b + p) % p,
            _ => (long)a * b % p,
        };
    }).ToArray());

    private static Dictionary<string, Tensor> Gradients(HookedTransformer model) =>
        model.Weights.Named().ToDictionary(pair => pair.Name, pair => pair.Tensor.grad!.clone());

    private static double Difference(Tensor actual, Tensor expected) =>
        ((actual - expected).norm() / expected.norm().clamp_min(1e-12)).ToSingle();

    private static void CompareFirstGradients(HookedTransformer model, WeightFile file)
    {
        var (width, qkv) = (model.Config.DModel, model.Weights.Blocks[0].Qkv.Weight.grad!);
        var heads = qkv.view(width, 3, model.Config.NHeads, model.Config.DHead).permute(1, 2, 0, 3);
        Assert.InRange(Difference(heads[0], file.Load("grad0.blocks.0.attn.W_Q")), 0, 2e-6);
        Assert.InRange(Difference(heads[1], file.Load("grad0.blocks.0.attn.W_K")), 0, 2e-6);
        Assert.InRange(Difference(heads[2], file.Load("grad0.blocks.0.attn.W_V")), 0, 2e-6);
        foreach (var (name, tensor) in model.Weights.Named())
            if (file.Has("grad0." + name) && name != "blocks.0.attn.W_O")
                Assert.InRange(Difference(tensor.grad!, file.Load("grad0." + name)), 0, 2e-6);
        var reference = file.Load("grad0.blocks.0.attn.W_O").flatten(0, 1);
        Assert.InRange(Difference(model.Weights.Blocks[0].Out.Weight.grad!, reference), 0, 2e-6);
    }

    private static void Restore(HookedTransformer model, WeightFile file, string prefix)
    {
        foreach (var (name, view) in Loading.ModelSaver.StateDict(model)) view.copy_(file.Load(prefix + name));
    }
}
