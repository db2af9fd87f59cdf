using Interp.Training;

namespace Interp.Studies.Superposition;

/// <summary>The trainings of a study of toy models: each is a part of one progress and told to its report.</summary>
/// <param name="progress">The progress; it has a part for each training.</param>
/// <param name="brief">Whether to train for a moment only, to see that everything runs
/// (<see cref="ToyModelOptions.Shortened"/>).</param>
/// <param name="begun">Gets the name and the options in one line when a training begins.</param>
public sealed class ToyTrainings(ProgressOfParts progress, bool brief, Action<string, string>? begun = null)
{
    /// <summary>Trains models.</summary>
    /// <param name="name">What is trained: a part of the progress.</param>
    /// <param name="options">The models.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <returns>The models; the caller disposes them.</returns>
    public ToyModel Train(string name, ToyModelOptions options, CancellationToken cancellation = default)
    {
        var model = Begin(name, options);
        try
        {
            model.Train(progress, cancellation);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Trains models and keeps snapshots of them.</summary>
    /// <param name="name">What is trained: a part of the progress.</param>
    /// <param name="options">The models.</param>
    /// <param name="every">Steps from one snapshot to the next; a quarter of all in a brief training.</param>
    /// <param name="examples">Examples for the losses of snapshots.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <returns>The snapshots, of which the last is after all steps.</returns>
    public IReadOnlyList<ToySnapshot> Watch(string name, ToyModelOptions options, int every, int examples,
        CancellationToken cancellation = default)
    {
        using var model = Begin(name, options);
        return model.Watch(brief ? Math.Max(1, model.Options.Steps / 4) : every, examples, progress, cancellation);
    }

    private ToyModel Begin(string name, ToyModelOptions options)
    {
        progress.Begin(name);
        var model = new ToyModel(brief ? options.Shortened() : options);
        begun?.Invoke(name, model.Options.Summary);
        return model;
    }
}
