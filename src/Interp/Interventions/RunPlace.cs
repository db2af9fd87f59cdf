using Interp.Hooks;

namespace Interp.Interventions;

/// <summary>Where a run stands in its text.</summary>
/// <param name="First">The position of the run's first token: with a key–value cache the number of tokens read
/// before.</param>
/// <param name="Length">Tokens of the text so far, this run's included.</param>
/// <param name="Step">The step of a generation; 0 in a plain run.</param>
internal readonly record struct RunPlace(long First, long Length, int Step)
{
    /// <summary>Positions of the text as indices into this run; those that it does not compute are left out.</summary>
    /// <exception cref="ArgumentException">A position is outside the text of a plain run.</exception>
    internal IReadOnlyList<int>? Places(IReadOnlyList<int>? positions, long count, HookPoint point)
    {
        if (positions is null) return null;
        var (first, length) = (First, Length);
        // A prompt may be shorter than a position that generation reaches later; only in a plain run is that an error.
        var absolute = positions.Select(position => position < 0 ? length + position : position).ToArray();
        if (Step == 0 && First == 0 && Array.Find(absolute, position => position < 0
            || position >= length) is var outside && (outside < 0 || outside >= length))
            throw new ArgumentException($"position {outside} is outside the {length} tokens of the run at '{point.Name}'");
        return [.. absolute.Where(position => position >= first && position < first + count)
            .Select(position => (int)(position - first))];
    }
}
