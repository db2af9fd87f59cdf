using Interp.Notebooks.Display;
using Interp.Notebooks.Engine;

namespace Interp.Notebooks.Protocol;

/// <summary>Drops what a cell puts out.</summary>
internal sealed class QuietOutput : ICellOutput
{
    public void Write(StreamName stream, string text)
    {
    }

    public void Display(MimeBundle content, string? id, bool update)
    {
    }

    public void Clear(bool wait)
    {
    }

    public string ReadLine(string prompt, bool password, CancellationToken cancellation) =>
        throw new NotSupportedException("nobody can answer here");
}
