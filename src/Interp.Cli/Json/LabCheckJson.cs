namespace Interp.Cli.Json;

/// <summary>What came of marking a working copy.</summary>
/// <param name="Lab">The lab.</param>
/// <param name="File">The working copy.</param>
/// <param name="Passed">How many answers are right.</param>
/// <param name="Exercises">How many exercises the lab has.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Error">What is wrong outside of the exercises; null where nothing is.</param>
/// <param name="Marks">The exercises that were reached.</param>
internal sealed record LabCheckJson(
    string Lab, string File, int Passed, int Exercises, double Seconds, string? Error, LabMarkJson[] Marks);
