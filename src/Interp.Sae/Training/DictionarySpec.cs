using Interp.Sae.Dictionaries;

namespace Interp.Sae.Training;

/// <summary>One dictionary of a training: what it is, what it reads and what it rebuilds.</summary>
public sealed record DictionarySpec
{
    /// <summary>Its name in the run: letters, digits, <c>-</c> and <c>_</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its kind, sizes and loss.</summary>
    public required DictionaryOptions Options { get; init; }

    /// <summary>The hooks that are read: one, or one for each site of a crosscoder.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The hook that a transcoder rebuilds; null: what was read. <value>null</value></summary>
    public string? Target { get; init; }

    internal void Validate()
    {
        if (Name.Length == 0 || !Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new ArgumentException($"training options: '{Name}' is no name for a dictionary; use letters, digits, "
                + $"- and _");
        Options.Validate();
        var sites = Options is CrosscoderOptions cross ? cross.Sites : 1;
        if (Inputs.Count != sites)
            throw new ArgumentException($"training options: '{Name}' reads {Inputs.Count} hooks; its kind reads "
                + $"{sites}");
        if (Options is TranscoderOptions != Target is not null)
            throw new ArgumentException($"training options: '{Name}': a transcoder needs a Target, and nothing else "
                + $"takes one");
    }
}
