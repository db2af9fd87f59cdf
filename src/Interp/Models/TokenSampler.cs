using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

/// <summary>Chooses the next token from logits.</summary>
internal sealed class TokenSampler
{
    private readonly GenerateOptions options;

    internal TokenSampler(GenerateOptions options)
    {
        this.options = options;
        if (options.Temperature < 0 || double.IsNaN(options.Temperature))
            throw new ArgumentException($"temperature {options.Temperature} must be 0 (the most probable token) or positive");
        if (options.Temperature > 0 && options.Generator is null)
            throw new ArgumentException("drawing tokens needs a Generator, so that the result can be repeated");
        if (options.TopK is <= 0) throw new ArgumentException($"top-k {options.TopK} must be positive");
        if (options.TopP is not null and not (> 0 and <= 1)) throw new ArgumentException($"top-p {options.TopP} must be above 0 and at most 1");
    }

    /// <summary>Logits [batch, d_vocab] → tokens [batch].</summary>
    internal Tensor Next(Tensor logits)
    {
        if (options.Temperature == 0) return logits.argmax(-1);
        using var scope = torch.NewDisposeScope();
        logits = logits / options.Temperature;
        if (options.TopK is { } k && k < logits.size(-1)) logits = KeepTopK(logits, k);
        if (options.TopP is { } p) logits = KeepTopP(logits, p);
        return scope.MoveToOuter(logits.softmax(-1).multinomial(1, false, options.Generator).squeeze(1));
    }

    private static Tensor KeepTopK(Tensor logits, int k)
    {
        var smallest = logits.topk(k).values.narrow(-1, k - 1, 1);
        return logits.masked_fill(logits < smallest, double.NegativeInfinity);
    }

    /// <summary>A token stays if those before it, in falling order, have less than p together (Holtzman et al. 2019).</summary>
    private static Tensor KeepTopP(Tensor logits, double p)
    {
        var (sorted, order) = logits.sort(-1, true);
        var probabilities = sorted.softmax(-1);
        var before = probabilities.cumsum(-1) - probabilities;
        var dropped = (before >= p).scatter(-1, order, before >= p);
        return logits.masked_fill(dropped, double.NegativeInfinity);
    }
}
