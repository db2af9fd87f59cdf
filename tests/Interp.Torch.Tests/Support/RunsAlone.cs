namespace Interp.Torch.Tests.Support;

/// <summary>
/// Tests of things that the whole process shares: counts of tensors,
/// memory, threads. They run alone.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class RunsAlone
{
    /// <summary>The collection's name.</summary>
    public const string Name = "alone";
}
