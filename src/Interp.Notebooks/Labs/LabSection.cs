namespace Interp.Notebooks.Labs;

/// <summary>A part of a working copy: what is run as one cell.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What it is called in messages: <c>2a.6 The causal mask and the pattern</c>, <c>given-3</c>.</param>
/// <param name="Source">
/// Its code. In a C# file as many empty lines stand before it as there are lines above it, so that its line numbers are
/// the file's.
/// </param>
/// <param name="File">The file.</param>
/// <param name="Cell">In a notebook its place among all cells, from 1; null in a C# file.</param>
/// <param name="Exercise">The exercise that it answers; null for other kinds.</param>
public sealed record LabSection(
    LabSectionKind Kind, string Name, string Source, string File, int? Cell = null, LabExercise? Exercise = null)
{
    /// <summary>The line of its first code, from 1, in the file or in the cell.</summary>
    public int Line => AnswerCode.FirstLine(Source);

    /// <summary>Whether its gap is still to be filled.</summary>
    public bool HasGap => AnswerCode.HasGap(Source);

    /// <summary>The same for two answers only if they are the same code; comments and layout do not count.</summary>
    public string Fingerprint => AnswerCode.Fingerprint(Source);

    /// <summary>A line of it for a reader: <c>lab/transformer.cs:57</c>, which editors turn into a link.</summary>
    /// <param name="line">A line of <see cref="Source"/>, from 1.</param>
    public string Place(int line) => Cell is { } cell ? $"{File}, cell {cell}, line {line}" : $"{File}:{line}";
}
