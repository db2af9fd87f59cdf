namespace Interp.Processing;

/// <summary>One rewriting of weights that leaves predictions as they are.</summary>
internal abstract class WeightStep
{
    /// <summary>The field's name of the step.</summary>
    internal abstract string Name { get; }

    /// <summary>Why there is nothing to do, or null where there is.</summary>
    internal virtual string? Idle(ModelParts model) => null;

    /// <summary>Why the step would change what the model computes, or null where it would not.</summary>
    internal virtual string? Invalid(ModelParts model) => null;

    /// <summary>What the step cannot reach in this model though its predictions stay, or null where it reaches all.</summary>
    internal virtual string? Remains(ModelParts model) => null;

    /// <summary>
    /// Does it. The tensors given may be written to; new ones belong to the open DisposeScope, and what is left out of
    /// the result is freed with it.
    /// </summary>
    internal abstract ModelParts Apply(ModelParts model);
}
