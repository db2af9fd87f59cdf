using System.Reflection;

namespace Interp.Notebooks.Engine;

/// <summary>The values of the cells that have run, as later cells see them.</summary>
/// <remarks>
/// Script mode keeps the object of every cell, with all its variables, in an array. Run a cell a thousand times, and a
/// thousand values of each of its variables would stay. Here a cell whose every name was declared anew by later cells
/// leaves the array: what a function or a lambda of another cell still holds lives on with it, the rest is garbage.
/// </remarks>
internal sealed class CellMemory
{
    private readonly Dictionary<string, Submission> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<Submission, int> _names = [];
    private object?[] _slots = new object?[16];

    /// <summary>The last cell that declared something, or null.</summary>
    public Submission? Last { get; private set; }

    /// <summary>The array that a submission is started with.</summary>
    public object?[] SlotsFor(Submission submission)
    {
        if (submission.Slot >= _slots.Length) Array.Resize(ref _slots, Math.Max(submission.Slot + 1, 2 * _slots.Length));
        return _slots;
    }

    /// <summary>Lets go of all values, when no cell will run any more.</summary>
    public void Clear() => Array.Clear(_slots);

    /// <summary>Takes in a cell that has run: whole, or as far as it came.</summary>
    public void Add(Submission submission, bool failed)
    {
        if (!submission.IsSeen)
        {
            // Nothing of it has a name. Without code it has no slot of its own, but that of the cell before.
            if (submission.Slot != (Last?.Slot ?? 0)) _slots[submission.Slot] = null;
            return;
        }
        if (failed) KeepEarlierValues(submission);
        Last = submission;
        if (submission.Members.Length == 0) return;
        foreach (var name in submission.Members.Distinct())
        {
            if (_owners.TryGetValue(name, out var before)) Lose(before);
            _owners[name] = submission;
        }
        _names[submission] = submission.Members.Distinct().Count();
    }

    /// <summary>A cell has one name less; without any, its variables are forgotten.</summary>
    private void Lose(Submission submission)
    {
        if (--_names[submission] > 0) return;
        _names.Remove(submission);
        _slots[submission.Slot] = null;
    }

    /// <summary>
    /// A cell that failed has not assigned what stands after the failure. Where an earlier cell has a variable of the
    /// same name and type, its value stays, as if the declaration had not been reached.
    /// </summary>
    private void KeepEarlierValues(Submission submission)
    {
        if (_slots[submission.Slot] is not { } target) return;
        foreach (var name in submission.Variables)
        {
            if (!_owners.TryGetValue(name, out var owner) || _slots[owner.Slot] is not { } source) continue;
            var (from, to) = (Field(source, name), Field(target, name));
            if (from is null || to is null || to.IsInitOnly || !to.FieldType.IsAssignableFrom(from.FieldType)) continue;
            if (IsUnset(to.GetValue(target), to.FieldType)) to.SetValue(target, from.GetValue(source));
        }
    }

    private static bool IsUnset(object? value, Type type) =>
        value is null || type.IsValueType && value.Equals(Activator.CreateInstance(type));

    private static FieldInfo? Field(object cell, string name) =>
        cell.GetType().GetField(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
}
