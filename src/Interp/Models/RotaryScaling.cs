namespace Interp.Models;

/// <summary>Changes the frequencies of rotary positions, so that a model reads further than it was trained for.</summary>
public abstract record RotaryScaling
{
    private RotaryScaling() { }

    /// <summary>The frequency to use in place of an original one, in radians a position.</summary>
    public abstract double Scale(double frequency);

    /// <summary>All frequencies divided by a factor: positions are pressed together (Chen et al. 2023).</summary>
    /// <param name="Factor">The factor.</param>
    public sealed record Linear(double Factor) : RotaryScaling
    {
        /// <inheritdoc/>
        public override double Scale(double frequency) => frequency / Factor;
    }

    /// <summary>
    /// Llama 3.1's rule: wavelengths far beyond the original context are divided by the factor, short ones stay, those
    /// between are mixed.
    /// </summary>
    /// <param name="Factor">The divisor of the slow frequencies.</param>
    /// <param name="LowFrequencyFactor">Wavelengths above context / this are scaled fully.</param>
    /// <param name="HighFrequencyFactor">Wavelengths below context / this stay.</param>
    /// <param name="OriginalContext">The context of the first training.</param>
    public sealed record Llama3(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalContext) : RotaryScaling
    {
        /// <inheritdoc/>
        public override double Scale(double frequency)
        {
            var turns = OriginalContext * frequency / (2 * Math.PI); // turns within the original context
            if (turns > HighFrequencyFactor) return frequency;
            if (turns < LowFrequencyFactor) return frequency / Factor;
            var smooth = (turns - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor);
            return (1 - smooth) * frequency / Factor + smooth * frequency;
        }
    }
}
