using Interp.Interventions;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

// Continuing a text token by token.
public sealed partial class HookedTransformer
{
    /// <summary>Continues sequences of tokens.</summary>
    /// <param name="tokens">Integers [batch, pos] or [pos]; of one length, padded on the left with a mask where they differ.</param>
    /// <param name="options">How many tokens, how they are chosen.</param>
    /// <param name="cancellation">Stops between two tokens.</param>
    /// <returns>
    /// The tokens with the new ones behind them [batch, pos + new]. A sequence that has ended is filled up with the end token.
    /// </returns>
    /// <exception cref="ArgumentException">The text would grow beyond the context, or an option makes no sense.</exception>
    public Tensor Generate(Tensor tokens, GenerateOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new GenerateOptions();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var text = InputChecks.Tokens(tokens, this);
        var sampler = new TokenSampler(options);
        options.Interventions.Check(this);
        CheckRoom(text.size(1), options.MaxNewTokens);
        var eos = options.StopAtEos ? options.EosTokenId ?? Config.EosTokenId : null;
        using var past = options.UseKeyValueCache && Config.IsCausal ? new KeyValueCache(this, text.size(0), text.size(1) + options.MaxNewTokens) : null;
        var mask = options.PaddingMask?.ne(0).to(Device);
        var ended = torch.zeros([text.size(0)], ScalarType.Bool, Device);
        var input = text;
        for (var step = 0; step < options.MaxNewTokens; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = torch.NewDisposeScope();
            var forward = new ForwardOptions
            {
                Logits = LogitPositions.Last,
                KeyValueCache = past,
                PaddingMask = mask,
            };
            var place = new RunPlace(text.size(1) - input.size(1), text.size(1), step);
            var logits = RunWithHooks(input, [.. options.Hooks, .. options.Interventions.ToHooks(place)], forward);
            var next = sampler.Next(logits.select(1, 0)); // [batch]
            if (eos is not null)
            {
                next = next.masked_fill(ended, eos.Value);
                ended = inner.MoveToOuter(ended | next.eq(eos.Value));
            }
            var column = next.unsqueeze(1);
            text = inner.MoveToOuter(torch.cat([text, column], 1));
            input = past is null ? text : inner.MoveToOuter(column);
            mask = past is not null || mask is null ? null : inner.MoveToOuter(torch.cat([mask, torch.ones_like(column).ne(0)], 1));
            if (eos is not null && ended.all().ToBoolean()) break;
        }
        return scope.MoveToOuter(ReferenceEquals(text, tokens) ? text.alias() : text);
    }

    private void CheckRoom(long prompt, int added)
    {
        if (added < 0) throw new ArgumentException($"cannot generate {added} tokens");
        if (prompt + added > Config.NCtx)
            throw new ArgumentException(
                $"{prompt} tokens and {added} new ones do not fit the model's context of {Config.NCtx}; ask for at most {Config.NCtx - prompt}");
    }
}
