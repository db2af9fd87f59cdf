namespace Interp.Circuits.Probes;

/// <summary>How a <see cref="LogisticProbe"/> is fitted.</summary>
public sealed record LogisticProbeOptions
{
    /// <summary>
    /// The penalty: the loss is the mean of −log p(label) plus L2/2 · Σ w², biases not included. <value>0.01</value>; 0
    /// for none, which has a finite solution only where the classes overlap.
    /// </summary>
    public double L2 { get; init; } = 0.01;

    /// <summary>
    /// Features are brought to mean 0 and standard deviation 1 first, so that the penalty treats them alike. Weights
    /// are given for the features as they came. <value>true</value>
    /// </summary>
    public bool Standardize { get; init; } = true;

    /// <summary>With a bias for each class; <value>true</value>.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Steps at most; <value>500</value>.</summary>
    public int MaxIterations { get; init; } = 500;

    /// <summary>Done when no element of the gradient is larger; <value>1e-6</value>.</summary>
    public double Tolerance { get; init; } = 1e-6;

    internal void Check()
    {
        if (!(L2 >= 0) || MaxIterations < 1 || !(Tolerance > 0))
            throw new ArgumentException(
                $"probe options: L2 {L2} must not be negative, MaxIterations {MaxIterations} and Tolerance " +
                $"{Tolerance} must be positive");
    }
}
