namespace Interp.Cli.Hub;

/// <summary>Sizes as a person reads them, in the decimal units of disks and of the hub's pages.</summary>
internal static class ByteSize
{
    /// <summary><c>567 B</c>, <c>2.11 MB</c>, <c>548 MB</c>, <c>3.25 GB</c>: three digits.</summary>
    public static string Format(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} B",
        < 999_500 => $"{Digits(bytes / 1e3)} kB",
        < 999_500_000 => $"{Digits(bytes / 1e6)} MB",
        _ => $"{Digits(bytes / 1e9)} GB",
    };

    private static string Digits(double value) => value switch
    {
        < 9.995 => $"{value:0.00}",
        < 99.95 => $"{value:0.0}",
        _ => $"{value:0}",
    };
}
