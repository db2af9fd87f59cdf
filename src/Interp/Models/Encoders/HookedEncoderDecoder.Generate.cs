using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

// Writing an answer token by token.
public sealed partial class HookedEncoderDecoder
{
    /// <summary>Writes what the decoder answers to a text, one token after the other.</summary>
    /// <remarks>
    /// The encoder runs once. The decoder keeps no keys and values: every token costs a run of it over all that is written
    /// (<see cref="GenerateOptions.UseKeyValueCache"/> makes no difference). With hooks, of the options or attached, every
    /// token costs a run of the whole model, so that hooks of the encoder fire in every step too.
    /// </remarks>
    /// <param name="tokens">What the encoder reads, integers [batch, pos] or [pos].</param>
    /// <param name="options">
    /// How many tokens, how they are chosen; the padding mask is the encoder's, on either side. Interventions are of
    /// <see cref="HookedTransformer"/>: here they are an error.
    /// </param>
    /// <param name="cancellation">Stops between two tokens.</param>
    /// <returns>
    /// The decoder's start token and the new ones behind it [batch, 1 + new]. A sequence that has ended is filled up with
    /// the end token.
    /// </returns>
    /// <exception cref="ArgumentException">The model has no start token, or an option makes no sense.</exception>
    public Tensor Generate(Tensor tokens, GenerateOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new GenerateOptions();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var sampler = new TokenSampler(options);
        var ids = InputChecks.Tokens(tokens, Config.DVocab, Device);
        var written = torch.full([ids.size(0), 1], Start(options), ScalarType.Int64, Device);
        var next = NextLogits(ids, options);
        var eos = options.StopAtEos ? options.EosTokenId ?? Config.EosTokenId : null;
        var ended = torch.zeros([ids.size(0)], ScalarType.Bool, Device);
        for (var step = 0; step < options.MaxNewTokens; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = torch.NewDisposeScope();
            var logits = next(written); // [batch, decoder_pos, d_vocab]
            var chosen = sampler.Next(logits.select(1, logits.size(1) - 1)); // [batch]
            if (eos is not null)
            {
                chosen = chosen.masked_fill(ended, eos.Value);
                ended = inner.MoveToOuter(ended | chosen.eq(eos.Value));
            }

            written = inner.MoveToOuter(torch.cat([written, chosen.unsqueeze(1)], 1));
            if (eos is not null && ended.all().ToBoolean()) break;
        }

        return scope.MoveToOuter(written);
    }

    /// <summary>The token that the decoder starts with; the options make sense.</summary>
    private int Start(GenerateOptions options)
    {
        if (options.MaxNewTokens < 0) throw new ArgumentException($"cannot generate {options.MaxNewTokens} tokens");
        if (options.Interventions.Count > 0)
            throw new ArgumentException("interventions are for models without an encoder; give hooks, which can do the same");
        return Config.DecoderStartTokenId ?? throw new ArgumentException(
            $"{Config.ModelName} does not say which token its decoder starts with; set DecoderStartTokenId in its configuration");
    }

    /// <summary>From what is written to the logits; without hooks the encoder's part is done here, once.</summary>
    private Func<Tensor, Tensor> NextLogits(Tensor ids, GenerateOptions options)
    {
        if (hookSet.Plan(options.Hooks, []) is not null)
        {
            var whole = new EncoderDecoderOptions
            {
                PaddingMask = options.PaddingMask,
            };
            return written => RunWithHooks(ids, written, options.Hooks, whole).Logits;
        }

        var padding = InputChecks.Padding(options.PaddingMask, ids.size(0), ids.size(1), Device);
        var hidden = Encode(ids, padding, HookRun.Plain);
        return written => Decode(written, null, (hidden, padding), HookRun.Plain);
    }
}
