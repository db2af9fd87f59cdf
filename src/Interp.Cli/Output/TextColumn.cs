namespace Interp.Cli.Output;

/// <summary>A column of a <see cref="TextTable"/>.</summary>
/// <param name="Title">What stands above it.</param>
/// <param name="Right">Whether it is set to the right, as numbers are.</param>
internal sealed record TextColumn(string Title, bool Right = false)
{
    /// <summary>A column of numbers.</summary>
    public static TextColumn Number(string title) => new(title, Right: true);
}
