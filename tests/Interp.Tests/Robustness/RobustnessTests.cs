namespace Interp.Tests.Robustness;

/// <summary>Tests that measure the memory of the process: alone, since tests beside them would be counted too.</summary>
[CollectionDefinition(nameof(RobustnessTests), DisableParallelization = true)]
public sealed class RobustnessTests;
