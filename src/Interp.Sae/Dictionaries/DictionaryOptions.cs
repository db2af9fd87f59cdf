using System.Text.Json.Serialization;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>What a dictionary is: its kind, its sizes and the terms of its loss.</summary>
/// <remarks>
/// A record for each kind, with the defaults that its paper or reference implementation publishes. In JSON the property
/// <c>architecture</c> tells the kind.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "architecture")]
[JsonDerivedType(typeof(StandardOptions), "standard")]
[JsonDerivedType(typeof(GatedOptions), "gated")]
[JsonDerivedType(typeof(TopKOptions), "topk")]
[JsonDerivedType(typeof(BatchTopKOptions), "batchtopk")]
[JsonDerivedType(typeof(JumpReluOptions), "jumprelu")]
[JsonDerivedType(typeof(MatryoshkaOptions), "matryoshka")]
[JsonDerivedType(typeof(TranscoderOptions), "transcoder")]
[JsonDerivedType(typeof(CrosscoderOptions), "crosscoder")]
public abstract record DictionaryOptions
{
    /// <summary>The width of the activations that are read.</summary>
    public required int DIn { get; init; }

    /// <summary>The number of features.</summary>
    public required int DSae { get; init; }

    /// <summary>Whether the decoder's bias is subtracted from what is read. <value>true</value></summary>
    public bool ApplyBDecToInput { get; init; } = true;

    /// <summary>What is done to every input and undone to its reconstruction, in dictionaries that others trained so.
    /// <value>None</value>; a dictionary with another cannot be trained here.</summary>
    public InputNormalization InputNormalization { get; init; }

    /// <summary>The norm of every feature's decoder direction at the start; <value>0.1</value> (Anthropic, April
    /// 2024).</summary>
    public double DecoderInitNorm { get; init; } = 0.1;

    /// <summary>The dictionary with fresh weights on the generator's device; the caller owns it.</summary>
    /// <exception cref="ArgumentException">The options do not go together; the message names the option.</exception>
    public SparseCoder Create(Generator generator)
    {
        Validate();
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return Make(generator);
    }

    /// <summary>Checks that the options go together.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the option.</exception>
    public virtual void Validate()
    {
        Require(DIn > 0 && DSae > 0, $"d_in {DIn} and d_sae {DSae} must be positive");
        Require(DecoderInitNorm > 0 && double.IsFinite(DecoderInitNorm),
            $"DecoderInitNorm {DecoderInitNorm} must be positive");
    }

    private protected abstract SparseCoder Make(Generator generator);

    private protected static void Require(bool holds, string message)
    {
        if (!holds) throw new ArgumentException("dictionary options: " + message);
    }

    private protected static void NotNegative(double value, string name) =>
        Require(value >= 0 && double.IsFinite(value), $"{name} {value} must not be negative");
}
