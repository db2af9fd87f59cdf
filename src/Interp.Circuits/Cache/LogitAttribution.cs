using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Cache;

/// <summary>How much parts of the residual stream raise the logit of a token, or of one token over another.</summary>
/// <remarks>
/// Behind the final norm, whose scale of the run is held fixed, logits are linear in the residual stream: the logit of
/// a token is the stream's product with its column of W_U, and so the sum over parts of theirs, plus what the norm's
/// shift and b_U give whatever the text. Attributions of all parts of a decomposition and
/// <see cref="ConstantLogits"/> add up to the logit. With capped logits (Gemma 2) they are the logits before the cap.
/// <code>
/// var heads = cache.HeadLogitAttrs(" Mary", " John", pos: ^1);   // [head, batch]
/// </code>
/// </remarks>
public static class LogitAttribution
{
    /// <summary>The columns of W_U of tokens: [d_model] for one, else [.., d_model].</summary>
    public static Tensor TokensToResidualDirections(this HookedTransformer model, AnswerTokens tokens)
    {
        using var scope = torch.NewDisposeScope();
        var ids = tokens.Resolve(model);
        var columns = model.W_U.index_select(1, ids.reshape(-1)).t(); // [token, d_model]
        return scope.MoveToOuter(columns.reshape([.. ids.shape, model.Config.DModel]));
    }

    /// <summary>What every component of a stack adds to the logit of a token, or to a difference of two.</summary>
    /// <param name="cache">Holds <c>ln_final.hook_scale</c>.</param>
    /// <param name="stack">
    /// [component, batch, pos, d_model] before the final norm, as the decompositions give it.
    /// </param>
    /// <param name="tokens">
    /// One token, or one a sequence or position; it must broadcast to the stack's batch and pos.
    /// </param>
    /// <param name="incorrectTokens">The tokens whose logits are subtracted.</param>
    /// <param name="pos">The positions that the stack has.</param>
    /// <param name="batch">The sequences to take.</param>
    /// <param name="applyWeight">
    /// With the final norm's weight, if it was not folded; see <see cref="NormApplication"/>.
    /// </param>
    /// <returns>[component, batch, pos] in logits, with the stack's labels.</returns>
    public static LabelledStack LogitAttrs(this ActivationCache cache, LabelledStack stack, AnswerTokens tokens,
        AnswerTokens? incorrectTokens = null, Slice pos = default, Slice batch = default, bool applyWeight = true) =>
        stack with { Values = cache.LogitAttrs(stack.Values, tokens, incorrectTokens, pos, batch, applyWeight) };

    /// <inheritdoc cref="LogitAttrs(ActivationCache, LabelledStack, AnswerTokens, AnswerTokens?, Slice, Slice, bool)"/>
    public static Tensor LogitAttrs(this ActivationCache cache, Tensor stack, AnswerTokens tokens,
        AnswerTokens? incorrectTokens = null, Slice pos = default, Slice batch = default, bool applyWeight = true)
    {
        using var scope = torch.NewDisposeScope();
        var model = CacheModel.Of(cache);
        var norm = FrozenNorm.Before(cache, model.Config.NLayers, false, batch, pos);
        var parts = cache.HasBatchDim ? batch.Apply(stack, 1) : stack.alias();
        var directions = Directions(model, tokens, incorrectTokens, parts.shape[1..^1]);
        var along = Along(parts, norm.PullBack(directions, applyWeight)); // [component, batch, pos]
        return scope.MoveToOuter(norm.DivideByScale(along.unsqueeze(-1), inPlace: false).squeeze(-1));
    }

    /// <summary>
    /// What every head adds to the logit of a token, or to a difference: z · (W_O d) without any head's result.
    /// </summary>
    /// <param name="cache">Holds <c>z</c> of all layers and <c>ln_final.hook_scale</c>.</param>
    /// <param name="tokens">One token, or one a sequence or position.</param>
    /// <param name="incorrectTokens">The tokens whose logits are subtracted.</param>
    /// <param name="pos">Which positions.</param>
    /// <returns>[head of all layers, batch, pos] in logits, labelled <c>L0H0</c> …</returns>
    public static LabelledStack HeadLogitAttrs(this ActivationCache cache, AnswerTokens tokens,
        AnswerTokens? incorrectTokens = null, Slice pos = default) => ByLayer(cache, tokens, incorrectTokens, pos,
        mlp: false);

    /// <summary>
    /// What every neuron adds to the logit of a token, or to a difference: its activation times W_out d.
    /// </summary>
    /// <param name="cache">Holds <c>post</c> of all layers and <c>ln_final.hook_scale</c>.</param>
    /// <param name="tokens">One token, or one a sequence or position.</param>
    /// <param name="incorrectTokens">The tokens whose logits are subtracted.</param>
    /// <param name="pos">Which positions.</param>
    /// <returns>[neuron of all layers, batch, pos] in logits, labelled <c>L0N0</c> …</returns>
    public static LabelledStack NeuronLogitAttrs(this ActivationCache cache, AnswerTokens tokens,
        AnswerTokens? incorrectTokens = null, Slice pos = default)
    {
        NeuronStacks.Require(CacheModel.Of(cache));
        return ByLayer(cache, tokens, incorrectTokens, pos, mlp: true);
    }

    /// <summary>
    /// The part of the logits that no component has: the final norm's shift through W_U, and b_U; a number for each
    /// token asked about.
    /// </summary>
    public static Tensor ConstantLogits(this HookedTransformer model, AnswerTokens tokens,
        AnswerTokens? incorrectTokens = null)
    {
        using var scope = torch.NewDisposeScope();
        Tensor Of(AnswerTokens asked)
        {
            var ids = asked.Resolve(model);
            var biases = model.b_U.index_select(0, ids.reshape(-1)).reshape(ids.shape);
            var shift = model.Config.NormalizationType == NormalizationType.None ? null : model.Weights.LnFinal?.Bias;
            return shift is null ? biases : biases + (model.TokensToResidualDirections(asked) * shift).sum(-1);
        }
        return scope.MoveToOuter(incorrectTokens is null ? Of(tokens) : Of(tokens) - Of(incorrectTokens));
    }

    private static LabelledStack ByLayer(ActivationCache cache, AnswerTokens tokens, AnswerTokens? incorrectTokens,
        Slice pos, bool mlp)
    {
        var model = CacheModel.Of(cache);
        using var scope = torch.NewDisposeScope();
        var norm = FrozenNorm.Before(cache, model.Config.NLayers, false, Slice.All, pos);
        var values = new List<Tensor>();
        var labels = new List<string>();
        for (var layer = 0; layer < model.Config.NLayers; layer++)
        {
            using var inner = torch.NewDisposeScope();
            var found = mlp
                ? OfNeurons(cache, model, layer, pos, tokens, incorrectTokens, norm)
                : OfHeads(cache, model, layer, pos, tokens, incorrectTokens, norm); // [component, batch, pos]
            values.Add(inner.MoveToOuter(norm.DivideByScale(found.unsqueeze(-1), inPlace: false).squeeze(-1)));
            labels.AddRange(Enumerable.Range(0, (int)found.size(0)).Select(k => $"L{layer}{(mlp ? 'N' : 'H')}{k}"));
        }
        return new LabelledStack(scope.MoveToOuter(torch.cat([.. values])), labels);
    }

    private static Tensor OfHeads(ActivationCache cache, HookedTransformer model, int layer, Slice pos,
        AnswerTokens tokens, AnswerTokens? incorrectTokens, FrozenNorm norm)
    {
        var behind = FrozenNorm.Behind(cache, layer, mlp: false, pos);
        var (source, matrix) = cache.Holds(ActNames.Get("result", layer))
            ? (pos.Apply(cache["result", layer], -3), null)
            : (pos.Apply(cache["z", layer], -3), model.W_O(layer)); // [batch, pos, head, …], [head, d_head, d_model]
        var d = Before(norm, behind, Directions(model, tokens, incorrectTokens, source.shape[..^2]));
        // d · W_Oᵀ is as small as z: [batch, pos, head, d_head].
        var read = matrix is null ? d.unsqueeze(-2)
            : d.MatMul(matrix.flatten(0, 1).t()).SplitDimension(-1, matrix.size(0), matrix.size(1));
        var along = (source * read).sum(-1).movedim(-1, 0);
        return behind is null ? along : behind.DivideByScale(along.unsqueeze(-1), inPlace: false).squeeze(-1);
    }

    private static Tensor OfNeurons(ActivationCache cache, HookedTransformer model, int layer, Slice pos,
        AnswerTokens tokens, AnswerTokens? incorrectTokens, FrozenNorm norm)
    {
        var behind = FrozenNorm.Behind(cache, layer, mlp: true, pos);
        var activations = pos.Apply(cache["post", layer], -2); // [batch, pos, neuron]
        var d = Before(norm, behind, Directions(model, tokens, incorrectTokens, activations.shape[..^1]));
        var along = (activations * d.MatMul(model.W_out(layer).t())).movedim(-1, 0);
        return behind is null ? along : behind.DivideByScale(along.unsqueeze(-1), inPlace: false).squeeze(-1);
    }

    /// <summary>Logit directions as they are where a layer writes.</summary>
    private static Tensor Before(FrozenNorm norm, FrozenNorm? behind, Tensor directions)
    {
        var d = norm.PullBack(directions);
        return behind?.PullBack(d) ?? d;
    }

    /// <summary>Logit directions that go with batch and pos: [d_model], or as many dimensions as these.</summary>
    private static Tensor Directions(HookedTransformer model, AnswerTokens tokens, AnswerTokens? incorrectTokens,
        long[] leading)
    {
        var directions = model.TokensToResidualDirections(tokens);
        if (incorrectTokens is not null)
        {
            var others = model.TokensToResidualDirections(incorrectTokens);
            if (others.dim() != directions.dim() || !others.shape.SequenceEqual(directions.shape))
                throw new ArgumentException(
                    $"tokens [{Sizes(directions.shape[..^1])}] and incorrect tokens [{Sizes(others.shape[..^1])}] " +
                    "must have one shape");
            directions -= others;
        }
        var asked = directions.shape[..^1];
        if (asked.Length == 0) return directions;
        // One token a sequence, for several positions.
        if (asked.Length == 1 && leading.Length == 2 && asked[0] == leading[0] && leading[0] != leading[1])
            return directions.unsqueeze(1);
        var fits = asked.Length <= leading.Length
            && asked.Reverse().Zip(leading.Reverse()).All(pair => pair.First == pair.Second || pair.First == 1);
        if (!fits || (asked.Length == 1 && leading.Length == 2 && leading[0] == leading[1] && asked[0] > 1))
            throw new ArgumentException(
                $"tokens [{Sizes(asked)}] do not say which of batch and pos [{Sizes(leading)}] they belong to; give " +
                $"one, or [{Sizes(leading)}]");
        return directions;
    }

    /// <summary>Components [component, …, d_model] times directions, without a product of their size.</summary>
    private static Tensor Along(Tensor parts, Tensor directions) => directions.dim() == 1
        ? parts.MatMul(directions)
        : parts.unsqueeze(-2).MatMul(directions.unsqueeze(-1)).squeeze(-1).squeeze(-1);

    private static string Sizes(long[] shape) => string.Join(", ", shape);
}
