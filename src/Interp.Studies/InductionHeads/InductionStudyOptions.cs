using Interp.Circuits.Heads;

namespace Interp.Studies.InductionHeads;

/// <summary>How <see cref="InductionAnalysis"/> measures; the defaults are those of Olsson et al. 2022, repeated over seeds.</summary>
public sealed record InductionStudyOptions
{
    /// <summary>Seeds of random sequences over which scores and losses are averaged; <value>5</value>, at least 2.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>The first seed; <value>0</value>. The others follow it.</summary>
    public ulong Seed { get; init; }

    /// <summary>Sequences of each seed; <value>10</value>.</summary>
    public int Sequences { get; init; } = 10;

    /// <summary>Random tokens in each copy; <value>25</value>.</summary>
    public int Period { get; init; } = 25;

    /// <summary>Copies in each sequence; <value>4</value>.</summary>
    public int Repeats { get; init; } = 4;

    /// <summary>
    /// Heads that are taken away one by one, and whose paths to later heads are followed; <value>16</value>. In a model
    /// with more heads these are the ones that attend most to the token before.
    /// </summary>
    public int Senders { get; init; } = 16;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">One makes no sense; the message names it.</exception>
    public InductionStudyOptions Validate()
    {
        if (Seeds < 2) throw new ArgumentException($"Seeds is {Seeds}; intervals need at least 2");
        if (Sequences < 1 || Period < 2 || Repeats < 2 || Senders < 1)
            throw new ArgumentException("Sequences and Senders must be at least 1, Period and Repeats at least 2");
        return this;
    }

    /// <summary>The sequences of one of the seeds.</summary>
    internal HeadScoreOptions Of(int seed) => new()
    {
        Seed = Seed + (ulong)seed,
        Sequences = Sequences,
        Period = Period,
        Repeats = Repeats,
    };
}
