namespace Interp.Studies.Superposition;

/// <summary>What a toy model computes (Elhage et al. 2022); x [batch, feature] are the features.</summary>
public enum ToyArchitecture
{
    /// <summary>x′ = x W Wᵀ + b: no nonlinearity, so the best that it can do is to keep the most important features,
    /// as principal components do.</summary>
    Linear,

    /// <summary>x′ = ReLU(x W Wᵀ + b): interference below zero is cut off, and superposition begins to pay. Any
    /// rotation of the hidden dimensions is as good as any other.</summary>
    ReluOutput,

    /// <summary>h = ReLU(x W), x′ = ReLU(h Wᵀ + b): a ReLU in the hidden layer gives it a privileged basis, and hidden
    /// dimensions can be called neurons.</summary>
    ReluHidden,

    /// <summary>h = ReLU(x W), y = ReLU(h V + b), x from −1 to 1, and y should be |x|: the features are not only kept
    /// but computed with. Two neurons compute |xᵢ| = ReLU(xᵢ) + ReLU(−xᵢ) exactly.</summary>
    AbsoluteValue,
}
