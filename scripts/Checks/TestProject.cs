namespace Interp.Checks;

/// <summary>A project of tests, by its folder.</summary>
internal sealed record TestProject(string Folder)
{
    private static readonly string[] Numeric =
        ["Interp.Tests", "Interp.Circuits.Tests", "Interp.Sae.Tests", "Interp.Studies.Tests"];

    public string Name => Path.GetFileName(Folder);

    /// <summary>The tests as the Release build leaves them.</summary>
    public string Dll => Path.Combine(Folder, "bin", "Release", "net10.0", $"{Name}.dll");

    /// <summary>Whether its tests compute, so that they must pass on every processor.</summary>
    public bool IsNumeric => Numeric.Contains(Name);
}
