namespace Interp.Checks;

/// <summary>How the run of one test project ended.</summary>
/// <param name="Label">The project, and the kernels where they are not the processor's own.</param>
/// <param name="Results">What its tests did; null where it left no results.</param>
/// <param name="Problem">What failed beside tests: a crash, a project without tests.</param>
/// <param name="Output">What it printed, if anything went wrong.</param>
/// <param name="Time">How long it took.</param>
internal sealed record ProjectOutcome(string Label, TestResults? Results, string? Problem, string Output, TimeSpan Time)
{
    public int Failures => (Results?.Failed ?? 0) + (Problem is null ? 0 : 1);
}
