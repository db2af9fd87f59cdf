using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Steering;

/// <summary>What features add to a reconstruction.</summary>
public static class FeatureDirections
{
    /// <summary>
    /// The directions d with decode(f) = Σᵢ fᵢ dᵢ + b: the decoder's rows; where a TopK dictionary measures features in
    /// lengths of their rows (unless these were folded into its weights), the rows at length 1. Where a dictionary
    /// normalizes every input, this is in units of the normalized value.
    /// </summary>
    /// <param name="dictionary">Any dictionary.</param>
    /// <returns>[d_sae, …], the shape of an output behind.</returns>
    public static Tensor Of(SparseCoder dictionary)
    {
        using var scope = torch.NewDisposeScope();
        var rows = dictionary["W_dec"];
        if (dictionary.Options is not TopKOptions { RescaleByDecoderNorm: true }) return scope.MoveToOuter(rows.alias());
        var norms = dictionary.DecoderNorms();
        return scope.MoveToOuter(rows / torch.where(norms.eq(0), torch.ones_like(norms), norms).unsqueeze(-1));
    }
}
