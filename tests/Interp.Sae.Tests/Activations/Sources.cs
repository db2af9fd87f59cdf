using Interp.Models;
using Interp.Sae.Activations;
using Interp.Tensors;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Activations;

/// <summary>Activations for tests.</summary>
internal static class Sources
{
    public const string Read = "blocks.0.mlp.hook_pre";
    public const string Written = "blocks.0.hook_mlp_out";
    public const string Heads = "blocks.1.attn.hook_z";

    public static TokenSequences Sequences(HookedTransformer model, int tokens = 400, int length = 10)
    {
        using var generator = new Generator(5);
        using var ids = torch.randint(1, model.Config.DVocab, [tokens], generator: generator);
        return new TokenSequences(ids.ToArray<long>(), length, [0]);
    }

    public static ModelActivations Of(HookedTransformer model, params string[] hooks) =>
        new(model, Sequences(model), hooks, new ModelActivationsOptions { Sequences = 4, SkipPositions = 1, Seed = 3 });

    public static HookedTransformer Model() => SampleModels.Create("gpt2");

    /// <summary>Rows that count: row r of read p is p · rows + r in every column.</summary>
    public sealed class Counting(int rows, params int[] widths) : IActivationSource
    {
        public IReadOnlyList<string> Hooks { get; } = [.. widths.Select((_, i) => $"hook{i}")];

        public IReadOnlyList<int> Widths { get; } = widths;

        public Device Device => torch.CPU;

        public IReadOnlyDictionary<string, string> Description { get; init; } = new Dictionary<string,
            string>
        { ["kind"] = "counting" };

        public long Reads { get; private set; }

        public Tensor[] Read(long position)
        {
            Reads++;
            return [.. widths.Select(width =>
                torch.arange(position * rows, (position + 1) * rows, 1, ScalarType.Float32).unsqueeze(1).repeat(1,
                width))];
        }
    }
}
