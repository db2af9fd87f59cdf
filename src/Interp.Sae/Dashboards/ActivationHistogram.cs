namespace Interp.Sae.Dashboards;

/// <summary>A histogram of numbers whose range is not known beforehand, in one pass and a fixed amount of memory.</summary>
/// <remarks>
/// Problem: equal bins need the largest number, which a stream gives last. Idea: bins whose width is a power of two.
/// When a number falls outside, the width doubles and bins join in pairs, so that at every moment the counts are
/// exactly those of a histogram that had this width from the start. The width is the least with which everything seen
/// fits into <see cref="Side"/> bins on either side of zero: the largest number is always in the outer half.
/// <code>
/// var histogram = new ActivationHistogram();
/// foreach (var value in values) histogram.Add(value);
/// Console.WriteLine($"{histogram.Count(0)} values from 0 to {histogram.Width}");
/// </code>
/// Zeros are not counted: how often a feature is off is its density.
/// </remarks>
public sealed class ActivationHistogram
{
    /// <summary>Bins on either side of zero.</summary>
    public const int Side = 64;

    private readonly int[] positive = new int[Side];
    private int[]? negative; // [i] counts the bin −1 − i; most features never go below zero
    private double inverse;

    /// <summary>The width of a bin, a power of two; 0 before the first number.</summary>
    public double Width { get; private set; }

    /// <summary>Whether a number below zero was counted.</summary>
    public bool HasNegative => negative is not null;

    /// <summary>The numbers in a bin, from <c>bin · Width</c> to below <c>(bin + 1) · Width</c>.</summary>
    /// <param name="bin">−<see cref="Side"/> to <see cref="Side"/> − 1.</param>
    public int Count(int bin) => bin >= 0 ? positive[bin] : negative?[~bin] ?? 0;

    /// <summary>Counts a number.</summary>
    /// <returns>By how many doublings the bins grew; 0 nearly always.</returns>
    /// <exception cref="ArgumentException">It is not finite.</exception>
    public int Add(float value)
    {
        if (value == 0) return 0;
        if (!float.IsFinite(value)) throw new ArgumentException($"a histogram of activations cannot hold {value}");
        var doublings = MakeRoom(value);
        var bin = Bin(value);
        if (bin >= 0) positive[bin]++;
        else (negative ??= new int[Side])[~bin]++;
        return doublings;
    }

    /// <summary>The bin of a number that was added.</summary>
    public int Bin(float value) => (int)Math.Floor(value * inverse);

    private int MakeRoom(float value)
    {
        if (Width == 0)
        {
            // 2^e ≤ |value| < 2^(e+1), so that the bin is in the outer half.
            SetWidth(Math.ScaleB(1, Math.ILogB(value) - 5));
        }

        var doublings = 0;
        for (; Bin(value) is < -Side or >= Side; doublings++) Double();
        return doublings;
    }

    private void Double()
    {
        SetWidth(Width * 2);
        foreach (var side in new[] { positive, negative })
        {
            if (side is null) continue;
            // −1 − i and its partner −2 − i meet in −1 − i/2: both sides halve alike.
            for (var i = 0; i < Side / 2; i++) side[i] = side[2 * i] + side[2 * i + 1];
            side.AsSpan(Side / 2).Clear();
        }
    }

    private void SetWidth(double width) => (Width, inverse) = (width, 1 / width);
}
