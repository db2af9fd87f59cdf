using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>
/// One cell of a <see cref="ReportTable"/>: a text or a number. Texts and numbers convert to it by themselves.
/// </summary>
public readonly record struct Cell
{
    private Cell(string? text, double number, string exact, bool whole) =>
        (Text, Number, Exact, IsWhole) = (text, number, exact, whole);

    /// <summary>The text, null for a number.</summary>
    public string? Text { get; }

    /// <summary>The number; 0 for a text.</summary>
    public double Number { get; }

    /// <summary>The number in as many digits as give it back exactly.</summary>
    internal string Exact { get; }

    internal bool IsWhole { get; }

    internal bool IsNumber => Text is null && Exact is not null;

    /// <summary>A text.</summary>
    public static implicit operator Cell(string text) => FromString(text);

    /// <summary>A number.</summary>
    public static implicit operator Cell(float number) => FromSingle(number);

    /// <summary>A number.</summary>
    public static implicit operator Cell(double number) => FromDouble(number);

    /// <summary>A whole number.</summary>
    public static implicit operator Cell(int number) => FromInt64(number);

    /// <summary>A whole number.</summary>
    public static implicit operator Cell(long number) => FromInt64(number);

    /// <summary>A text.</summary>
    public static Cell FromString(string text) => new(text ?? "", 0, "", false);

    /// <summary>A number.</summary>
    public static Cell FromSingle(float number) => new(null, number, Numbers.Exact(number), false);

    /// <summary>A number.</summary>
    public static Cell FromDouble(double number) => new(null, number, Numbers.Exact(number), false);

    /// <summary>A whole number.</summary>
    public static Cell FromInt64(long number) => new(null, number, number.ToString(), true);

    internal JsonNode? ToJson() =>
        !IsNumber ? JsonValue.Create(Text ?? "")
        : double.IsFinite(Number) ? JsonNode.Parse(Exact)
        : Json.Number(Number);
}
