using Interp.Models;

namespace Interp.Studies.KnownAlgorithms;

/// <summary>Is a string of twenty brackets balanced? Half of the examples are.</summary>
/// <remarks>
/// Read from the right, the height is the number of ")" less that of "(". A string is balanced if the height ends at
/// zero and was never below; the others are as often wrong in the one way, in the other and in both.
/// </remarks>
public sealed class BracketsTask : AlgorithmTask
{
    private const int Start = 0, End = 2, Open = 3, Close = 4;
    private const int Pairs = 10;

    /// <inheritdoc/>
    public override string Name => "brackets";

    /// <inheritdoc/>
    public override string Question => "Twenty brackets: are they balanced? Read at the first token.";

    /// <inheritdoc/>
    public override string Algorithm =>
        "A head of layer 0 tallies: at every bracket it writes the share of \"(\" from there on; MLPs turn the "
        + "share into whether the height is wrong " +
        "there. Later heads bring to the first token what stands at the first bracket, where the tally is of the "
        + "whole string, and a head of the " +
        "last layer brings whether the height was below zero anywhere.";

    /// <inheritdoc/>
    public override string File => "arena-brackets/brackets_model_state_dict.pt";

    /// <inheritdoc/>
    public override string Published => "100% of 5,000";

    /// <inheritdoc/>
    public override int Vocabulary => Close + 1;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Positions { get; } = [0];

    /// <inheritdoc/>
    public override IReadOnlyList<AttentionRole> Roles => [];

    /// <summary>In which ways a string of tokens fails: the height does not end at zero, or was below it.</summary>
    public static (bool Total, bool Negative) Failures(IEnumerable<long> row)
    {
        var (height, negative) = (0, false);
        foreach (var token in row.Reverse())
        {
            height += token == Close ? 1 : token == Open ? -1 : 0;
            negative |= height < 0;
        }
        return (height != 0, negative);
    }

    /// <inheritdoc/>
    protected override (long[] Tokens, int[] Answers) Draw(Random random, int index)
    {
        var brackets = (index % 6) switch
        {
            1 => Turn(Balanced(random), Open, random), // one ")" too many
            3 => Shuffled(random), // as many of both, but not in order
            5 => Turn(Balanced(random), Close, random), // one "(" too many, which is below zero at the left end too
            _ => Balanced(random),
        };
        return ([Start, .. brackets, End], [Failures(brackets) == (false, false) ? 1 : 0]);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<Verdict> More(HookedTransformer model, AlgorithmExamples examples) =>
        BracketClaims.Of(model, examples);

    /// <summary>
    /// A balanced string, all alike: of n "(" and n + 1 ")" in a circle exactly one beginning never has more ")" before
    /// the last (cycle lemma, Dvoretzky and Motzkin 1947).
    /// </summary>
    private static long[] Balanced(Random random)
    {
        long[] circle = [.. Enumerable.Repeat((long)Open, Pairs), .. Enumerable.Repeat((long)Close, Pairs + 1)];
        random.Shuffle(circle);
        var (height, lowest, begin) = (0, 0, 0);
        for (var at = 0; at < circle.Length; at++)
        {
            height += circle[at] == Open ? 1 : -1;
            if (height < lowest) (lowest, begin) = (height, at + 1);
        }
        long[] turned = [.. circle[begin..], .. circle[..begin]];
        return turned[..^1];
    }

    private static long[] Shuffled(Random random)
    {
        long[] brackets = [.. Enumerable.Repeat((long)Open, Pairs), .. Enumerable.Repeat((long)Close, Pairs)];
        do random.Shuffle(brackets); while (Failures(brackets) == (false, false));
        return brackets;
    }

    private static long[] Turn(long[] brackets, int which, Random random)
    {
        var places = brackets.Index().Where(entry => entry.Item == which).Select(entry => entry.Index).ToArray();
        brackets[places[random.Next(places.Length)]] = Open + Close - which;
        return brackets;
    }
}
