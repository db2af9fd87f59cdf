using System.Text.Json.Serialization;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>What a <see cref="JumpReluSae"/> pays for active features.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JumpReluPenalty>))]
public enum JumpReluPenalty
{
    /// <summary>λ for every one: L0, with a straight-through derivative (Rajamanoharan et al. 2024).</summary>
    Step,

    /// <summary>λ tanh(c fᵢ ‖W_dec,i‖) (Anthropic, January 2025).</summary>
    Tanh,
}

/// <summary>Options of a <see cref="JumpReluSae"/>; the defaults are SAELens 6's.</summary>
public sealed record JumpReluOptions : DictionaryOptions
{
    /// <summary>λ, the price of an active feature; <value>1</value>.</summary>
    public double L0Coefficient { get; init; } = 1;

    /// <summary>θ at the start; <value>0.01</value>.</summary>
    public double InitialThreshold { get; init; } = 0.01;

    /// <summary>ε, the width of the window in which activations move thresholds; <value>0.05</value>.</summary>
    public double Bandwidth { get; init; } = 0.05;

    /// <summary>The kind of penalty; <value>Step</value>.</summary>
    public JumpReluPenalty Penalty { get; init; } = JumpReluPenalty.Step;

    /// <summary>c of the tanh penalty; <value>4</value>.</summary>
    public double TanhScale { get; init; } = 4;

    /// <summary>
    /// The weight of Σ ReLU(θ − z) ‖W_dec,i‖ over dead features, which pulls them back; <value>3e-6</value>, used with
    /// the tanh penalty only, as in its recipe.
    /// </summary>
    public double PreActivationCoefficient { get; init; } = 3e-6;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        NotNegative(L0Coefficient, nameof(L0Coefficient));
        NotNegative(PreActivationCoefficient, nameof(PreActivationCoefficient));
        Require(InitialThreshold > 0, $"InitialThreshold {InitialThreshold} must be positive");
        Require(Bandwidth > 0 && TanhScale > 0, $"Bandwidth {Bandwidth} and TanhScale {TanhScale} must be positive");
    }

    private protected override SparseCoder Make(Generator generator) => new JumpReluSae(this, generator);
}
