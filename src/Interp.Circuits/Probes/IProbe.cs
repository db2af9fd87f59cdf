using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Probes;

/// <summary>Something fitted that says a class for every activation.</summary>
public interface IProbe : IDisposable
{
    /// <summary>The number of classes.</summary>
    int Classes { get; }

    /// <summary>Scores of the classes [n, classes], whose softmax are probabilities, for features [n, d].</summary>
    Tensor Logits(Tensor features);
}
