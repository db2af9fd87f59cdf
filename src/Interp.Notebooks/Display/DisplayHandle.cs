namespace Interp.Notebooks.Display;

/// <summary>An output that can be replaced by a newer one: progress, a figure that grows.</summary>
/// <example><code>
/// var shown = display("step 0");
/// for (var step = 1; step &lt;= 10; step++) shown.Update($"step {step}");
/// </code></example>
public sealed class DisplayHandle
{
    private readonly CellSession _session;

    internal DisplayHandle(CellSession session, string id) => (_session, Id) = (session, id);

    /// <summary>The name of the output.</summary>
    public string Id { get; }

    /// <summary>Shows another value in its place.</summary>
    public void Update(object? value) => _session.Display(MimeBundle.Of(value), Id, update: true);
}
