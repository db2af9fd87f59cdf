using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Cache;

/// <summary>
/// What the logit lens reads of one text: at every stream and position the likeliest token, and what an answer has.
/// </summary>
/// <remarks>
/// <code>
/// var reading = LensReading.Of(model, ids, answer: 17);
/// Console.WriteLine(reading.Labels[0] + ": " + reading.TopTokens[0, 3]);   // stream 0, position 3
/// </code>
/// Streams are read one after the other, so that logits of one stream only are in memory at a time.
/// </remarks>
/// <param name="Labels">The streams: <c>0_pre</c>, <c>0_mid</c>, …, <c>final_post</c>.</param>
/// <param name="TopTokens">The likeliest next token [stream, pos].</param>
/// <param name="TopProbabilities">Its probability [stream, pos].</param>
/// <param name="Answer">The token asked about, or null.</param>
/// <param name="AnswerProbabilities">Its probability [stream, pos]; null without an answer.</param>
/// <param name="AnswerRanks">How many tokens are likelier [stream, pos]; null without an answer.</param>
public sealed record LensReading(IReadOnlyList<string> Labels, long[,] TopTokens, float[,] TopProbabilities,
    long? Answer, float[,]? AnswerProbabilities, int[,]? AnswerRanks)
{
    /// <summary>Runs a text and reads every stream.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">The ids of one text.</param>
    /// <param name="answer">A token to follow, or null.</param>
    /// <param name="inclMid">Also between attention and MLP.</param>
    /// <param name="cancellation">Stops between streams.</param>
    /// <exception cref="ArgumentException">The answer is not among the outputs, or the model has no middle.</exception>
    public static LensReading Of(HookedTransformer model, IReadOnlyList<long> tokens, long? answer = null,
        bool inclMid = false, CancellationToken cancellation = default)
    {
        if (answer is { } id && (id < 0 || id >= model.Config.OutputSize))
            throw new ArgumentException($"token {id} is not among the model's {model.Config.OutputSize} outputs");
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        List<string> names = ["blocks.*.hook_resid_pre", $"blocks.{model.Config.NLayers - 1}.hook_resid_post"];
        // Without a middle there is nothing to keep; the cache says so below.
        if (inclMid && model.Hooks.Contains("blocks.0.hook_resid_mid")) names.Add("blocks.*.hook_resid_mid");
        var cache = model.CacheOnly(torch.tensor(tokens.ToArray(), [1, tokens.Count]), names);
        var (streams, labels) = cache.AccumulatedResid(inclMid: inclMid, applyLn: true); // [stream, 1, pos, d_model]
        var (top, chance) = (new long[labels.Count, tokens.Count], new float[labels.Count, tokens.Count]);
        var follow = answer is null ? null : new float[labels.Count, tokens.Count];
        var ranks = answer is null ? null : new int[labels.Count, tokens.Count];
        for (var stream = 0; stream < labels.Count; stream++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = torch.NewDisposeScope();
            // [pos, outputs]
            var probabilities = LogitLens.Unembed(model, streams[stream, 0]).softmax(-1, ScalarType.Float32);
            var (values, indices) = probabilities.max(-1);
            Fill(top, stream, indices.ToArray<long>());
            Fill(chance, stream, values.ToArray<float>());
            if (answer is null) continue;
            var own = probabilities.select(1, answer.Value);
            Fill(follow!, stream, own.ToArray<float>());
            Fill(ranks!, stream, probabilities.gt(own.unsqueeze(1)).sum(-1).to(ScalarType.Int32).ToArray<int>());
        }
        return new LensReading(labels, top, chance, answer, follow, ranks);
    }

    private static void Fill<T>(T[,] table, int row, T[] values)
    {
        for (var column = 0; column < values.Length; column++) table[row, column] = values[column];
    }
}
