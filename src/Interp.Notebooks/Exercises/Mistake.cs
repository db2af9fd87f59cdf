using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Notebooks.Exercises;

/// <summary>A typical wrong answer: the value that it gives, and what to say to who gave it.</summary>
/// <param name="Says">What went wrong and where to look: "the scores are not divided by √d_head".</param>
/// <param name="Value">The value that this mistake gives, in the shape of the answer.</param>
public sealed record Mistake(string Says, Tensor Value)
{
    /// <summary>Lets checks list mistakes as pairs.</summary>
    public static implicit operator Mistake((string Says, Tensor Value) pair) => new(pair.Says, pair.Value);
}
