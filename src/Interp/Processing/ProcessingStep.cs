namespace Interp.Processing;

/// <summary>One step of weight processing and what became of it.</summary>
/// <param name="Name">The field's name of the step, for example <c>fold_ln</c>.</param>
/// <param name="Skipped">Why it was not done, or null where it was.</param>
public sealed record ProcessingStep(string Name, string? Skipped)
{
    /// <summary>Whether the weights were changed.</summary>
    public bool Applied => Skipped is null;

    /// <summary><c>fold_ln</c>, or <c>center_unembed skipped: …</c>.</summary>
    public override string ToString() => Applied ? Name : $"{Name} skipped: {Skipped}";
}
