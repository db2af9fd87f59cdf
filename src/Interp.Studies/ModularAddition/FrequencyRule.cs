namespace Interp.Studies.ModularAddition;

/// <summary>By what a frequency counts as key. There are three published ways and no published threshold.</summary>
public enum FrequencyRule
{
    /// <summary>
    /// A Fourier component of the embedding W_E has more than a quarter of the largest component's norm (Nanda et al.
    /// 2023, section 4.1; the quarter is that of TransformerLens's demo).
    /// </summary>
    Embedding,

    /// <summary>The same of the map from neurons to logits, W_out W_U (appendix C.2, for the progress measures).</summary>
    NeuronLogitMap,

    /// <summary>
    /// The frequency that explains a neuron best, for any neuron (the notebook beside the paper). Neurons of which no
    /// frequency explains half are left out here; the notebook has no such bound.
    /// </summary>
    Neurons,
}
