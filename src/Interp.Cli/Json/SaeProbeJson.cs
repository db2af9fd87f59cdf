namespace Interp.Cli.Json;

/// <summary>What single features tell of one property of tokens.</summary>
/// <param name="Task">The property.</param>
/// <param name="TrainRows">Activations that features were chosen on.</param>
/// <param name="TestRows">Activations that everything was tested on.</param>
/// <param name="Probe">Accuracy of a probe on the activations themselves.</param>
/// <param name="Ks">Results for k features.</param>
/// <param name="MainFeatures">The property's own features; null for transcoders.</param>
/// <param name="FullAbsorption">The share of rows that other features absorbed; null where there are no rows.</param>
/// <param name="AbsorptionFraction">The mean part that others took over.</param>
internal sealed record SaeProbeJson(string Task, int TrainRows, int TestRows, double Probe, SaeSparseProbeJson[] Ks,
    int[]? MainFeatures, double? FullAbsorption, double? AbsorptionFraction);
