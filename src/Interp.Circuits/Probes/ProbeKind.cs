namespace Interp.Circuits.Probes;

/// <summary>Which probe.</summary>
public enum ProbeKind
{
    /// <summary><see cref="LogisticProbe"/>.</summary>
    Logistic,

    /// <summary><see cref="MassMeanProbe"/> along the plain difference of means.</summary>
    MassMean,

    /// <summary><see cref="MassMeanProbe"/> tilted by the covariance within the classes.</summary>
    MassMeanTilted,
}
