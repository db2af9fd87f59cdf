namespace Interp.Studies.KnownAlgorithms;

/// <summary>A head or a neuron: the parts that a circuit of a small model is made of.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Index">Which head or neuron of the layer.</param>
/// <param name="IsNeuron">Whether it is a neuron of the MLP.</param>
public readonly record struct Component(int Layer, int Index, bool IsNeuron = false)
{
    /// <summary><c>L1H4</c> or <c>L0N17</c>.</summary>
    public override string ToString() => $"L{Layer}{(IsNeuron ? 'N' : 'H')}{Index}";
}
