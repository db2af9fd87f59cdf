namespace Interp.Tests.Robustness;

/// <summary>Spoils a file of any format by its bytes: flips, cuts, hostile numbers, pieces that are doubled, moved or gone.</summary>
internal static class ByteSpoiler
{
    private static readonly long[] Numbers =
        [0, 1, -1, 127, 128, 255, 65535, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 40, long.MaxValue, long.MinValue];

    /// <summary>The file, spoiled in one to three ways; never empty unless the file was.</summary>
    public static byte[] Next(byte[] file, Random random)
    {
        for (var times = random.Next(1, 4); times > 0 && file.Length > 1; times--) file = Once(file, random);
        return file;
    }

    private static byte[] Once(byte[] file, Random random)
    {
        // Beginnings decide how the rest is read.
        var at = random.Next(random.Next(3) == 0 ? Math.Min(file.Length, 64) : file.Length);
        var end = Math.Min(file.Length, at + random.Next(1, 300));
        switch (random.Next(8))
        {
            case 0:
                return file[..Math.Max(1, at)];
            case 1:
                var number = BitConverter.GetBytes(Numbers[random.Next(Numbers.Length)])[..(1 << random.Next(4))];
                return [.. file[..at], .. number, .. file[Math.Min(file.Length, at + number.Length)..]];
            case 2:
                return [.. file[..at], .. file[end..], (byte)random.Next(256)];
            case 3:
                return [.. file[..end], .. file[at..]];
            case 4:
                var to = random.Next(file.Length);
                return [.. file[..to], .. file[at..end], .. file[to..]];
            case 5:
                var noise = new byte[random.Next(1, 40)];
                random.NextBytes(noise);
                return [.. file[..at], .. noise, .. file[at..]];
            default:
                var flipped = (byte[])file.Clone();
                for (var flips = random.Next(1, 12); flips > 0; flips--)
                    flipped[random.Next(at, Math.Min(file.Length, at + 2000))] ^= (byte)(1 << random.Next(8));
                return flipped;
        }
    }
}
