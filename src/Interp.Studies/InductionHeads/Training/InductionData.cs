using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.InductionHeads.Training;

/// <summary>
/// Sequences of random tokens that repeat with a period of their own, behind a start token. As the period differs from
/// sequence to sequence, no fixed distance tells what comes next: only looking for the last occurrence does.
/// </summary>
internal static class InductionData
{
    /// <summary>Tokens [batch, context] and the first position whose next token is predictable [batch].</summary>
    internal static (Tensor Tokens, Tensor PredictableFrom) Draw(InductionTrainingOptions options, int vocabulary, Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        var length = options.Context - 1;
        var periods = torch.randint(options.MinPeriod, options.MaxPeriod + 1, [options.Batch, 1], generator: generator);
        // Token 0 is the start token.
        var once = torch.randint(1, vocabulary, [options.Batch, options.MaxPeriod], generator: generator);
        var repeated = once.gather(1, torch.arange(length).unsqueeze(0).remainder(periods));
        var tokens = torch.cat([torch.zeros([options.Batch, 1], ScalarType.Int64), repeated], 1);
        // Position p + 1 holds the first repeated token; what follows it is the first that looking back gives away.
        return (scope.MoveToOuter(tokens), scope.MoveToOuter(periods.squeeze(1) + 1));
    }
}
