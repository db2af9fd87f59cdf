using System.Text;
using System.Text.Json;
using Interp.Weights;

namespace Interp.Notebooks.Labs;

/// <summary>
/// What is remembered of a working copy between commands, in a file beside it: which answers passed and which did not, and how many hints
/// of each exercise were shown. Deleting the file forgets it.
/// </summary>
public sealed class LabRecord
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true };

    private sealed record Content(
        SortedDictionary<string, string>? Passed, SortedDictionary<string, string>? Failed, SortedDictionary<string, int>? Hints);

    private readonly string _path;
    private readonly SortedDictionary<string, string> _passed;
    private readonly SortedDictionary<string, string> _failed;
    private readonly SortedDictionary<string, int> _hints;

    private bool _changed;

    private LabRecord(string path, Content? content) =>
        (_path, _passed, _failed, _hints) = (path, content?.Passed ?? new(StringComparer.Ordinal),
            content?.Failed ?? new(StringComparer.Ordinal), content?.Hints ?? new(StringComparer.Ordinal));

    /// <summary>The file for a working copy: <c>lab/transformer.progress.json</c>.</summary>
    public static string FileOf(string copy) => Path.ChangeExtension(copy, ".progress.json");

    /// <summary>Reads what is remembered of a working copy; nothing where there is no file.</summary>
    /// <exception cref="LabFormatException">The file is damaged.</exception>
    public static LabRecord Of(string copy)
    {
        var path = FileOf(copy);
        if (!File.Exists(path)) return new LabRecord(path, null);
        try
        {
            return new LabRecord(path, JsonSerializer.Deserialize<Content>(File.ReadAllText(path)));
        }
        catch (JsonException error)
        {
            throw new LabFormatException($"{path}: no record of progress ({error.Message}); delete it, and nothing but the "
                + "record is lost");
        }
    }

    /// <summary>Where an answer stands, without running it.</summary>
    public AnswerState StateOf(LabSection answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.Exercise is not { } exercise) throw new ArgumentException($"'{answer.Name}' is no answer to an exercise", nameof(answer));
        if (_passed.GetValueOrDefault(exercise.Id) == answer.Fingerprint) return AnswerState.Solved;
        if (answer.HasGap) return AnswerState.NotYet;
        return _failed.GetValueOrDefault(exercise.Id) == answer.Fingerprint ? AnswerState.Wrong : AnswerState.NotChecked;
    }

    /// <summary>Remembers a mark.</summary>
    public void Add(ExerciseMark mark, LabSection answer)
    {
        ArgumentNullException.ThrowIfNull(mark);
        ArgumentNullException.ThrowIfNull(answer);
        var (right, wrong) = (_passed.GetValueOrDefault(mark.Exercise.Id), _failed.GetValueOrDefault(mark.Exercise.Id));
        _passed.Remove(mark.Exercise.Id);
        _failed.Remove(mark.Exercise.Id);
        if (mark.Status == MarkStatus.Passed) _passed[mark.Exercise.Id] = answer.Fingerprint;
        if (mark.Status == MarkStatus.Failed) _failed[mark.Exercise.Id] = answer.Fingerprint;
        _changed |= _passed.GetValueOrDefault(mark.Exercise.Id) != right || _failed.GetValueOrDefault(mark.Exercise.Id) != wrong;
    }

    /// <summary>How many hints of an exercise were shown.</summary>
    public int HintsShown(LabExercise exercise)
    {
        ArgumentNullException.ThrowIfNull(exercise);
        return Math.Clamp(_hints.GetValueOrDefault(exercise.Id), 0, exercise.Hints.Count);
    }

    /// <summary>Remembers how many hints of an exercise were shown.</summary>
    public void ShowHints(LabExercise exercise, int count)
    {
        ArgumentNullException.ThrowIfNull(exercise);
        _changed |= _hints.GetValueOrDefault(exercise.Id) != count;
        _hints[exercise.Id] = count;
    }

    /// <summary>Writes the file, if there is anything new.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save()
    {
        if (!_changed) return;
        AtomicFile.Write(_path, file => file.Write(
            Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new Content(_passed, _failed, _hints), Layout) + "\n")));
        _changed = false;
    }
}
