using System.ComponentModel;
using Interp.Notebooks.Exercises;

namespace Interp.Notebooks.Display;

/// <summary>What cells call by bare names: showing values, asking, finding the models that ship, exercises.</summary>
/// <example><code>
/// using var model = HookedTransformer.Load(shipped("induction"));
/// display(model.W_E);
/// var name = input("Your name? ");
/// </code></example>
public static class Notebook
{
    /// <summary>Shows a value now, as the last expression of a cell is shown at its end.</summary>
    /// <param name="value">
    /// Anything: a tensor (shape, type, statistics, a small heatmap), a figure, table or view of a report, a model, a
    /// cache, a list of records (a table), or what has a text.
    /// </param>
    /// <returns>A handle that can show another value in the same place.</returns>
    public static DisplayHandle display(object? value) => CellSession.Current.Display(MimeBundle.Of(value));

    /// <summary>Several values in one row, which breaks where the page is too narrow for it.</summary>
    /// <param name="values">What <see cref="display"/> takes; drawings become as small as they must.</param>
    public static SideBySide side_by_side(params object?[] values) => new(values);

    /// <summary>A bar that shows how far a long task is, for whatever takes an <see cref="IProgress{T}"/>.</summary>
    /// <param name="what">What is done, for example <c>training</c>.</param>
    /// <example><code>
    /// training.Run(progress("training"), CancellationToken.None);
    /// </code></example>
    public static CellProgress progress(string what = "") => new(what, TimeProvider.System);

    /// <summary>Takes back the outputs of this cell.</summary>
    /// <param name="wait">Whether to wait with it until the next output comes, which avoids flicker.</param>
    public static void clear_output(bool wait = false) => CellSession.Current.Clear(wait);

    /// <summary>Asks for a line of text.</summary>
    /// <param name="prompt">What to ask.</param>
    /// <exception cref="NotSupportedException">Nobody can answer: the notebook is run as a batch.</exception>
    public static string input(string prompt = "") => CellSession.Current.ReadLine(prompt, password: false);

    /// <summary>Asks for a line of text that stays hidden.</summary>
    /// <param name="prompt">What to ask.</param>
    /// <exception cref="NotSupportedException">Nobody can answer: the notebook is run as a batch.</exception>
    public static string password(string prompt = "") => CellSession.Current.ReadLine(prompt, password: true);

    /// <summary>A piece of HTML, to be shown.</summary>
    public static RichText Html(string html) => new(MimeBundle.HtmlType, html);

    /// <summary>A drawing in SVG, to be shown.</summary>
    public static RichText Svg(string svg) => new(MimeBundle.SvgType, svg);

    /// <summary>Text in Markdown, to be shown.</summary>
    public static RichText Markdown(string markdown) => new(MimeBundle.MarkdownType, markdown);

    /// <summary>A picture, to be shown.</summary>
    /// <param name="png">The bytes of a PNG file.</param>
    public static RichText Png(ReadOnlySpan<byte> png) => new(MimeBundle.PngType, Convert.ToBase64String(png));

    /// <summary>The folder of a model that ships with Interp: <c>induction</c>, <c>stories</c>, <c>modadd</c>.</summary>
    /// <param name="name">The model's name.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such model in this checkout.</exception>
    public static string shipped(string name) => ShippedFiles.Find(CellSession.Current.Folder, "models", name);

    /// <summary>
    /// Stands where a student's code belongs: <c>Tensor scores = todo("multiply Q and K, then scale");</c> or
    /// <c>throw todo("…")</c>. Running it ends the cell with the hint.
    /// </summary>
    /// <param name="hint">What to think of.</param>
    public static NotSolvedException todo(string hint) => new(hint);

    /// <summary>What <c>using var</c> at the top of a cell becomes: the value is disposed when the cell has ended.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static T UntilCellEnds<T>(T value) => CellSession.Current.UntilCellEnds(value);
}
