namespace Interp.Sae.Probing;

/// <summary>What counts as absorption; the defaults are SAEBench's.</summary>
public sealed record AbsorptionOptions
{
    /// <summary>The most main features of a label; <value>10</value>.</summary>
    public int MaxK { get; init; } = 10;

    /// <summary>By how much one more main feature must raise F1; <value>0.03</value>.</summary>
    public double F1Jump { get; init; } = 0.03;

    /// <summary>λ of the sparse regression by which main features are found; <value>0.01</value>.</summary>
    public double L1 { get; init; } = 0.01;

    /// <summary>The features among which that regression chooses, those of largest difference of means;
    /// <value>1024</value>. The published code uses all.</summary>
    public int Candidates { get; init; } = 1024;

    /// <summary>The least cosine of the probe and the feature that stands in, for full absorption;
    /// <value>0.025</value>.</summary>
    public double FullCosine { get; init; } = 0.025;

    /// <summary>The least cosine of the probe and a feature that stands in, for the fraction; <value>0.1</value>.</summary>
    public double FractionCosine { get; init; } = 0.1;

    /// <summary>The least share of the activation's projection that stands in; <value>0.4</value>.</summary>
    public double Projection { get; init; } = 0.4;

    /// <summary>The most features that stand in together, for the fraction; <value>3</value>.</summary>
    public int MostAbsorbers { get; init; } = 3;

    /// <summary>Throws where a number makes no sense.</summary>
    internal void Check()
    {
        if (MaxK < 1 || Candidates < 1 || MostAbsorbers < 1 || !(L1 >= 0))
            throw new ArgumentException($"absorption options: MaxK {MaxK}, Candidates {Candidates} and MostAbsorbers "
                + $"{MostAbsorbers} must be positive, L1 {L1} not negative");
    }
}
