using Interp.Studies.Stories.Grammar;

namespace Interp.Studies.Tests.Stories.Grammar;

/// <summary>Goes through all series of choices that a grammar can make, one a run, in order.</summary>
internal sealed class EveryChoice : IChoices
{
    private readonly List<(int Picked, int Count)> path = [];
    private int depth;

    public int Pick(ReadOnlySpan<double> probabilities)
    {
        Assert.Equal(1, Sum(probabilities), 1e-9);
        if (depth == path.Count) path.Add((0, probabilities.Length));
        Assert.Equal(path[depth].Count, probabilities.Length);
        return path[depth++].Picked;
    }

    /// <summary>What every series of choices gives.</summary>
    internal static IEnumerable<T> Of<T>(Func<IChoices, T> write)
    {
        var choices = new EveryChoice();
        do
        {
            choices.depth = 0;
            yield return write(choices);
        }
        while (choices.Advance());
    }

    private bool Advance()
    {
        while (path.Count > 0 && path[^1].Picked == path[^1].Count - 1) path.RemoveAt(path.Count - 1);
        if (path.Count == 0) return false;
        path[^1] = path[^1] with { Picked = path[^1].Picked + 1 };
        return true;
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum;
    }
}
