namespace Interp.Cli.Output;

/// <summary>A cell of a <see cref="TextTable"/>.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Strong">Whether it stands out on a terminal.</param>
internal readonly record struct TextCell(string Text, bool Strong = false)
{
    /// <summary>A plain cell.</summary>
    public static implicit operator TextCell(string text) => new(text);
}
