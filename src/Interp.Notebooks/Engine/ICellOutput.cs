using Interp.Notebooks.Display;

namespace Interp.Notebooks.Engine;

/// <summary>Where the outputs of a running cell go: a front end over the wire, or a notebook in memory.</summary>
/// <remarks>Calls come one at a time, in the order in which the cell made its outputs.</remarks>
public interface ICellOutput
{
    /// <summary>Text of a stream, as it was written: not cut at line ends.</summary>
    void Write(StreamName stream, string text);

    /// <summary>A rich output.</summary>
    /// <param name="content">The same value in several forms; the front end shows the richest that it can.</param>
    /// <param name="id">A name under which the output can be replaced later, or null.</param>
    /// <param name="update">Whether to replace the outputs of that name instead of adding one.</param>
    void Display(MimeBundle content, string? id, bool update);

    /// <summary>Takes back the outputs of the cell so far.</summary>
    /// <param name="wait">Whether to wait with it until the next output comes.</param>
    void Clear(bool wait);

    /// <summary>Asks the person for a line of text.</summary>
    /// <param name="prompt">What to ask.</param>
    /// <param name="password">Whether the answer stays hidden.</param>
    /// <param name="cancellation">Set when the cell is interrupted.</param>
    /// <exception cref="NotSupportedException">Nobody can answer here.</exception>
    string ReadLine(string prompt, bool password, CancellationToken cancellation);
}
