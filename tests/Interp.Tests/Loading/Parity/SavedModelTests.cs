using Interp.Loading;
using Interp.Models;
using Interp.Processing;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Parity;

/// <summary>Models of Hugging Face are saved in the classic layout and stay what they are.</summary>
public class SavedModelTests
{
    [SharedTheory("fixtures/gpt_neo"), MemberData(nameof(GptFamilyParityTests.Families), MemberType = typeof(GptFamilyParityTests))]
    public void A_model_of_Hugging_Face_reads_back_as_a_classic_one(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.Load(SharedData.Path($"fixtures/{name}"));
        CheckRoundTrip(model, new Fixture($"fixtures/{name}/expected.safetensors")["input_ids"]);
    }

    [SharedTheory("fixtures/gpt_neo")]
    [InlineData("gemma2")]
    [InlineData("bloom")]
    [InlineData("falcon")]
    [InlineData("mixtral")]
    [InlineData("opt")]
    public void A_processed_model_reads_back_as_it_is(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.Load(SharedData.Path($"fixtures/{name}"), new LoadOptions { Processing = new WeightProcessing() });
        if (name == "gemma2") Assert.Contains("blocks.0.ln1_post.w", ModelSaver.StateDict(model).Keys);
        CheckRoundTrip(model, new Fixture($"fixtures/{name}/expected.safetensors")["input_ids"]);
    }

    [SharedFact("fixtures/gpt2")]
    public void Norms_without_biases_read_back_without()
    {
        using var scope = torch.NewDisposeScope();
        using var full = HookedTransformer.Load(SharedData.Path("fixtures/gpt2"));
        var weights = full.Weights;
        var bare = weights with
        {
            Embed = weights.Embed.clone(),
            PosEmbed = weights.PosEmbed!.clone(),
            LnFinal = Norm(weights.LnFinal),
            Blocks = [.. weights.Blocks.Select(block =>
                new BlockWeights(Norm(block.Ln1), Linear(block.Qkv), Linear(block.Out), Norm(block.Ln2), Mlp(block.Mlp!)))],
            Unembed = Linear(weights.Unembed),
        };
        using var model = new HookedTransformer(full.Config, bare);
        CheckRoundTrip(model, torch.tensor(new long[] { 1, 2, 3, 4 }, [1, 4]));

        static NormWeights Norm(NormWeights? norm) => new(norm!.Weight!.clone(), null);
        static LinearWeights Linear(LinearWeights linear) => new(linear.Weight.clone(), null);
        static MlpWeights Mlp(MlpWeights mlp) => new(Linear(mlp.In), Linear(mlp.Out), null);
    }

    private static void CheckRoundTrip(HookedTransformer model, Tensor tokens)
    {
        using var folder = new TestFolder();
        ModelSaver.Save(model, folder.Root);
        using var again = HookedTransformer.Load(folder.Root);
        Assert.Equal(model.Config with { AttnTypes = null }, again.Config with { AttnTypes = null });
        Assert.All(Enumerable.Range(0, model.Config.NLayers), layer => Assert.Equal(model.Config.WindowOf(layer), again.Config.WindowOf(layer)));
        Assert.Equal(model.ParameterCount, again.ParameterCount);
        Assert.Equal(ModelSaver.StateDict(model).Keys, ModelSaver.StateDict(again).Keys);
        foreach (var (name, tensor) in ModelSaver.StateDict(model)) Assert.True(tensor.Equals(ModelSaver.StateDict(again)[name]), name);
        // The same numbers may lie in another order in memory, where kernels sum in another order.
        var logits = model.Forward(tokens);
        Assert.InRange(Difference.Largest("logits", logits, again.Forward(tokens)), 0, 1e-5 * (1 + logits.abs().max().ToDouble()));
    }
}
