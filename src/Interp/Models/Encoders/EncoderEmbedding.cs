using Interp.Hooks;
using Interp.Models.Components;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>norm(token + position + kind of token), BERT's embedding (Devlin et al. 2019, section 3).</summary>
internal sealed class EncoderEmbedding
{
    private readonly HookedEncoderConfig config;
    private readonly EncoderWeights weights;
    private readonly HookPoint tokenPoint;
    private readonly HookPoint positionPoint;
    private readonly HookPoint? typePoint;
    private readonly NormLayer norm;

    internal EncoderEmbedding(HookRegistry registry, EncoderWeights weights, HookedEncoderConfig config)
    {
        this.config = config;
        this.weights = weights;
        string[] stream = ["batch", "pos", "d_model"];
        tokenPoint = registry.Add("embed.hook_embed", stream, -1);
        positionPoint = registry.Add("embed.hook_pos_embed", stream, -1);
        if (weights.TypeEmbed is not null) typePoint = registry.Add("embed.hook_token_type_embed", stream, -1);
        norm = new NormLayer(registry, "embed.ln", -1, weights.EmbedNorm, NormalizationType.LN, config.Eps, stream);
    }

    /// <summary>tokens [batch, pos] → [batch, pos, d_model].</summary>
    /// <param name="tokens">Integers.</param>
    /// <param name="types">Kinds of tokens [batch, pos], or null for 0 everywhere.</param>
    /// <param name="run">The run.</param>
    internal Tensor Forward(Tensor tokens, Tensor? types, HookRun run)
    {
        using var scope = torch.NewDisposeScope();
        var sum = run.Fire(tokenPoint, torch.nn.functional.embedding(tokens, weights.Embed));
        sum = sum + run.Fire(positionPoint, Positions(tokens).expand_as(sum), isPart: true);
        if (typePoint is not null)
            sum = sum + run.Fire(typePoint, torch.nn.functional.embedding(types ?? torch.zeros_like(tokens), weights.TypeEmbed!));
        return scope.MoveToOuter(norm.Forward(sum, run));
    }

    private Tensor Positions(Tensor tokens)
    {
        if (config.PositionPadding is not { } padding) return weights.PosEmbed.narrow(0, 0, tokens.size(1)).unsqueeze(0);
        // Padding tokens have the row of their own number, the others follow it in order.
        var real = tokens.ne(padding).to(ScalarType.Int64);
        return torch.nn.functional.embedding(real.cumsum(1) * real + padding, weights.PosEmbed);
    }
}
