namespace Interp.Studies.Stories.Grammar;

/// <summary>Choices by chance, the same ones for the same seed everywhere.</summary>
/// <remarks>
/// SplitMix64 (Steele, Lea and Flood 2014): seeds that differ in one bit give unrelated sequences, so the stories of a
/// stream may be seeded by their numbers.
/// </remarks>
/// <param name="seed">Which sequence.</param>
/// <param name="stream">A number within the seed, for example a story's.</param>
public sealed class RandomChoices(ulong seed, ulong stream = 0) : IChoices
{
    private ulong state = Mix(Mix(seed) + stream);

    /// <inheritdoc/>
    public int Pick(ReadOnlySpan<double> probabilities)
    {
        var left = Next();
        for (var i = 0; i < probabilities.Length - 1; i++)
        {
            left -= probabilities[i];
            if (left < 0) return i;
        }
        return probabilities.Length - 1;
    }

    /// <summary>At least 0, less than 1.</summary>
    private double Next()
    {
        state += 0x9E3779B97F4A7C15;
        return (Mix(state) >> 11) * (1.0 / (1UL << 53));
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
