using Interp.Models;

namespace Interp.Processing;

/// <summary>Which rewritings of a model's weights to do. None of them changes what the model predicts.</summary>
/// <remarks>
/// Problem: trained weights hold freedom that no prediction depends on, and it clouds what one reads from them: norms
/// scale every direction before it is read, everything written to the residual stream has a mean that the norms take
/// away again, and all logits may shift together. Idea: move each of these to where it does not disturb. The names and
/// defaults are those of TransformerLens's <c>from_pretrained</c>.
/// <code>
/// using var model = HookedTransformer.Load("gpt2-folder", new LoadOptions { Processing = new WeightProcessing() });
/// foreach (var step in model.Processing) Console.WriteLine(step);
/// using var folded = raw.Process(WeightProcessing.None with { FoldLn = true });
/// </code>
/// Steps run in the order of the properties here. Each is <c>true</c> (do it; an error where it would change what the
/// model computes), <c>false</c> (leave it), or <c>null</c>, the default (do it where it is valid).
/// <see cref="HookedTransformer.Processing"/> lists what was done, and what was skipped with the reason:
/// <list type="bullet">
/// <item><see cref="FoldLn"/>: skipped for a shortformer, which adds positions behind the norm, and for LayerNorms with a
/// shift before gated MLPs, which have no bias to take it. Norms behind attention and MLP (Gemma 2) keep their weights.</item>
/// <item><see cref="CenterWritingWeights"/>: valid for LayerNorm only; skipped for RMSNorm and without norms.</item>
/// <item><see cref="CenterUnembed"/>: skipped where logits are capped (Gemma 2), and with a single output.</item>
/// <item><see cref="FoldValueBiases"/>: skipped where a mask of the model leaves a query nothing to look at.</item>
/// <item><see cref="RefactorFactoredAttnMatrices"/>: off by default; an error with rotary positions, norms of queries and
/// keys, and grouped queries.</item>
/// </list>
/// </remarks>
public sealed record WeightProcessing
{
    /// <summary>No step at all: the weights as they are.</summary>
    public static WeightProcessing None { get; } =
        new() { FoldLn = false, CenterWritingWeights = false, CenterUnembed = false, FoldValueBiases = false };

    /// <summary>Move the norms' scale and shift into the weights behind them; <value>null</value>.</summary>
    /// <inheritdoc cref="FoldNorms" path="/remarks"/>
    public bool? FoldLn { get; init; }

    /// <summary>Take the mean off everything that is written to the residual stream; <value>null</value>.</summary>
    /// <inheritdoc cref="CenterWriting" path="/remarks"/>
    public bool? CenterWritingWeights { get; init; }

    /// <summary>Make the logits of every position average to zero; <value>null</value>.</summary>
    /// <inheritdoc cref="CenterLogits" path="/remarks"/>
    public bool? CenterUnembed { get; init; }

    /// <summary>Move the values' biases into attention's output bias; <value>null</value>.</summary>
    /// <inheritdoc cref="FoldValues" path="/remarks"/>
    public bool? FoldValueBiases { get; init; }

    /// <summary>Make the factors of every head's QK and OV matrices orthogonal; <value>false</value>.</summary>
    /// <inheritdoc cref="RefactorAttention" path="/remarks"/>
    public bool RefactorFactoredAttnMatrices { get; init; }

    /// <summary>The steps that are wanted, in order, and whether skipping one is an error.</summary>
    internal IEnumerable<(WeightStep Step, bool Required)> Steps()
    {
        (WeightStep Step, bool? Wanted)[] all =
        [
            (new FoldNorms(), FoldLn),
            (new CenterWriting(), CenterWritingWeights),
            (new CenterLogits(), CenterUnembed),
            (new FoldValues(), FoldValueBiases),
            (new RefactorAttention(), RefactorFactoredAttnMatrices),
        ];
        return all.Where(s => s.Wanted != false).Select(s => (s.Step, s.Wanted == true));
    }
}
