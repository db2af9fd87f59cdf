namespace Interp.Circuits.Attribution;

/// <summary>How edges are scored.</summary>
public enum EdgeMethod
{
    /// <summary>
    /// Edge attribution patching (Syed et al. 2023, arXiv 2310.10348): the gradient of the clean run. Two forward
    /// passes and one backward pass for all edges.
    /// </summary>
    Eap,

    /// <summary>
    /// EAP with integrated gradients on the inputs (Hanna et al. 2024, arXiv 2403.17806): the mean gradient of runs
    /// whose token embedding goes from clean to corrupted in steps. The scores of the input's edges add up to the
    /// whole change of the metric, up to the steps.
    /// </summary>
    EapIgInputs,

    /// <summary>
    /// EAP with integrated gradients on the activations (Marks et al. 2024, arXiv 2403.19647; Mueller et al. 2025): the
    /// edges of a source by the mean gradient of runs in which the output of that source, together with the other
    /// heads of its layer, goes from clean to corrupted in steps. Costs passes for every layer.
    /// </summary>
    /// <remarks>
    /// The EAP-IG tool adds to every edge the gradients of the paths of all layers and divides by their number; here
    /// an edge gets only those of its own source's path.
    /// </remarks>
    EapIgActivations,

    /// <summary>Edge patching itself: one run for every edge, with only this edge corrupted.</summary>
    Exact,
}
