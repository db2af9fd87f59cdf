namespace Interp.Reports;

/// <summary>
/// Numbers in rows and columns, the form in which every figure takes a matrix: <c>[rows, columns]</c>, row by row,
/// over memory that stays the caller's.
/// </summary>
/// <example><code>
/// var scores = new Grid([0.1f, 0.9f, 0.2f, 0.4f], rows: 2, columns: 2);
/// float score = scores[0, 1];   // 0.9
/// </code></example>
public readonly record struct Grid
{
    /// <param name="values">
    /// The numbers, row by row; exactly <paramref name="rows"/> × <paramref name="columns"/>.
    /// </param>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="columns">Number of columns, at least 1.</param>
    /// <exception cref="ArgumentException">The number of values is not rows × columns.</exception>
    public Grid(ReadOnlyMemory<float> values, int rows, int columns)
    {
        if (rows < 1 || columns < 1 || (long)rows * columns != values.Length)
            throw new ArgumentException(
                $"a grid of {rows} × {columns} needs {(long)rows * columns} values (at least 1), got {values.Length}");
        Values = values;
        Rows = rows;
        Columns = columns;
    }

    /// <inheritdoc cref="Grid(ReadOnlyMemory{float}, int, int)"/>
    public Grid(float[] values, int rows, int columns)
        : this((ReadOnlyMemory<float>)values, rows, columns)
    {
    }

    /// <summary>The numbers, row by row.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>The number in a row and a column, both counted from 0.</summary>
    public float this[int row, int column] => Row(row)[column];

    /// <summary>One row.</summary>
    public ReadOnlySpan<float> Row(int row) => Values.Span.Slice(row * Columns, Columns);

    /// <summary>A grid that copies a two-dimensional array <c>[rows, columns]</c>.</summary>
    public static Grid From(float[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Grid(values.Cast<float>().ToArray(), values.GetLength(0), values.GetLength(1));
    }
}
