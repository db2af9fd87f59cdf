using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.InductionHeads.Formation;

/// <summary>Batches of which one half is text of the language and the other random tokens that repeat with a period of their own.</summary>
internal static class FormationData
{
    /// <summary>Tokens [batch, context], the start token first; the text comes before the repeats.</summary>
    internal static Tensor Draw(FormationOptions options, BigramLanguage language, int batch, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        var (length, texts) = (options.Context - 1, batch / 2);
        var text = language.Draw(texts, length, generator);
        var periods = torch.randint(options.MinPeriod, options.MaxPeriod + 1, [batch - texts, 1], generator: generator);
        var once = torch.randint(1, options.Vocabulary, [batch - texts, options.MaxPeriod], generator: generator);
        var repeats = once.gather(1, torch.arange(length).unsqueeze(0).remainder(periods));
        var start = torch.zeros([batch, 1], ScalarType.Int64);
        return scope.MoveToOuter(torch.cat([start, torch.cat([text, repeats])], 1));
    }
}
