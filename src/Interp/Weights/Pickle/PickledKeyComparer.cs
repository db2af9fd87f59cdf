using System.Runtime.CompilerServices;

namespace Interp.Weights;

/// <summary>
/// Compares scalar keys by value and others by identity. <see cref="HashCode"/> is seeded per process, so no file can
/// be made whose keys collide; and no key makes hashing walk a structure.
/// </summary>
internal sealed class PickledKeyComparer : IEqualityComparer<object>
{
    public static readonly PickledKeyComparer Instance = new();

    public new bool Equals(object? x, object? y) => x switch
    {
        string or long or double or bool => x.Equals(y),
        _ => ReferenceEquals(x, y),
    };

    public int GetHashCode(object key) => key switch
    {
        string text => text.GetHashCode(StringComparison.Ordinal),
        long number => HashCode.Combine(number),
        double number => HashCode.Combine(BitConverter.DoubleToInt64Bits(number)),
        bool flag => flag ? 1 : 0,
        _ => RuntimeHelpers.GetHashCode(key),
    };
}
