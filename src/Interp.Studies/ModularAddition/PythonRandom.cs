namespace Interp.Studies.ModularAddition;

/// <summary>Python's <c>random</c> module, as far as a published split of data was made with it.</summary>
/// <remarks>
/// CPython draws from the Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), seeded with a whole number through
/// <c>init_by_array</c>; <c>shuffle</c> goes from the end and takes a place below i + 1 by drawing bits until they fit.
/// <code>
/// new PythonRandom(0).Shuffle(pairs);   // random.seed(0); random.shuffle(pairs)
/// </code>
/// </remarks>
public sealed class PythonRandom
{
    private const int Size = 624;
    private const int Middle = 397;

    private readonly uint[] state = new uint[Size];
    private int next = Size;

    /// <param name="seed">As given to <c>random.seed</c>.</param>
    public PythonRandom(uint seed)
    {
        state[0] = 19650218;
        for (var i = 1; i < Size; i++) state[i] = Mixed(i - 1, 1812433253) + (uint)i;
        // init_by_array with the one word of the seed.
        var at = 1;
        for (var k = 0; k < Size; k++) Stir(ref at, i => (state[i] ^ Mixed(i - 1, 1664525)) + seed);
        for (var k = 0; k < Size - 1; k++) Stir(ref at, i => (state[i] ^ Mixed(i - 1, 1566083941)) - (uint)i);
        state[0] = 0x80000000;
    }

    /// <summary>Puts a list into random order, as <c>random.shuffle</c>.</summary>
    public void Shuffle<T>(IList<T> list)
    {
        for (var i = list.Count - 1; i > 0; i--)
        {
            var other = Below(i + 1);
            (list[i], list[other]) = (list[other], list[i]);
        }
    }

    /// <summary>A whole number from 0 to below a limit, as <c>random.randrange</c>.</summary>
    public int Below(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var bits = 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)limit);
        uint drawn;
        do drawn = Word() >> (32 - bits);
        while (drawn >= limit);
        return (int)drawn;
    }

    /// <summary>The next 32 bits.</summary>
    public uint Word()
    {
        if (next == Size) Twist();
        var y = state[next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >> 18);
    }

    private uint Mixed(int i, uint factor) => factor * (state[i] ^ (state[i] >> 30));

    private void Stir(ref int at, Func<int, uint> value)
    {
        state[at] = value(at);
        if (++at < Size) return;
        state[0] = state[Size - 1];
        at = 1;
    }

    private void Twist()
    {
        for (var k = 0; k < Size; k++)
        {
            var y = (state[k] & 0x80000000) | (state[(k + 1) % Size] & 0x7fffffff);
            state[k] = state[(k + Middle) % Size] ^ (y >> 1) ^ ((y & 1) * 0x9908b0df);
        }

        next = 0;
    }
}
