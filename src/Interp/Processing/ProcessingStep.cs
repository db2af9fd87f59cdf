namespace Interp.Processing;

/// <summary>One step of weight processing and what became of it.</summary>
/// <param name="Name">The field's name of the step, for example <c>fold_ln</c>.</param>
/// <param name="Skipped">Why it was not done, or null where it was.</param>
public sealed record ProcessingStep(string Name, string? Skipped)
{
    /// <summary>Whether the weights were changed.</summary>
    public bool Applied => Skipped is null;

    /// <summary>What it could not reach in this model, though predictions stayed the same; null where it reached
    /// everything.</summary>
    public string? Remains { get; init; }

    /// <summary><c>fold_ln</c>, <c>center_unembed skipped: …</c>, or <c>center_writing_weights, but …</c>.</summary>
    public override string ToString() => this switch
    {
        { Applied: false } => $"{Name} skipped: {Skipped}",
        { Remains: not null } => $"{Name}, but {Remains}",
        _ => Name,
    };
}
