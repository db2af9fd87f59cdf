namespace Interp.Torch.Optim;

/// <summary>Options of <see cref="AdamW"/>: those of Adam, with a weight decay of 0.01 unless said otherwise.</summary>
public sealed record AdamWOptions : AdamOptions
{
    /// <summary>Adam's defaults and a weight decay.</summary>
    public AdamWOptions() => WeightDecay = 0.01;
}
