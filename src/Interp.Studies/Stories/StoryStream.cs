using Interp.Studies.Stories.Grammar;

namespace Interp.Studies.Stories;

/// <summary>
/// Endless stories by number, which need no state to go on. Streams of different names share none, whatever the seed:
/// what is evaluated on was not trained on.
/// </summary>
internal sealed class StoryStream
{
    private readonly ulong name;

    private StoryStream(ulong name) => this.name = name;

    internal static StoryStream Vocabulary { get; } = new(1);

    internal static StoryStream Training { get; } = new(2);

    internal static StoryStream Evaluation { get; } = new(3);

    internal static StoryStream Study { get; } = new(4);

    /// <summary>The choices of one story. The name takes the upper bits, which no seed or number reaches in practice.</summary>
    internal RandomChoices Story(ulong seed, ulong number) => new(seed, (name << 56) + number);
}
