using Interp.Notebooks.Display;
using Interp.Notebooks.Engine;

namespace Interp.Notebooks.Tests;

/// <summary>An engine whose outputs are kept.</summary>
internal sealed class CellRun(CellEngineOptions? options = null) : ICellOutput, IDisposable
{
    public CellEngine Engine { get; } = new(options);

    public List<(StreamName Stream, string Text)> Streams { get; } = [];

    public List<(MimeBundle Content, bool Update)> Displays { get; } = [];

    public event Action? Written;

    public Queue<string> Answers { get; } = new();

    public string Stdout => string.Concat(Streams.Where(s => s.Stream == StreamName.Stdout).Select(s => s.Text));

    public CellResult Run(string code) => Engine.Run(code, this);

    /// <summary>The text of the value of a cell that must succeed.</summary>
    public string? Value(string code)
    {
        var result = Run(code);
        Assert.True(result.Error is null, $"{code}\n{string.Join('\n', result.Error?.Traceback ?? [])}");
        return result.Value?.Text;
    }

    public void Write(StreamName stream, string text)
    {
        lock (Streams) Streams.Add((stream, text));
        Written?.Invoke();
    }

    public void Display(MimeBundle content, string? id, bool update) => Displays.Add((content, update));

    public void Clear(bool wait) => Displays.Clear();

    public string ReadLine(string prompt, bool password, CancellationToken cancellation) => Answers.Dequeue();

    public void Dispose() => Engine.Dispose();
}
