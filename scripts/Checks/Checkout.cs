using System.Text.RegularExpressions;

namespace Interp.Checks;

/// <summary>The folder of the repository and what lies where in it.</summary>
internal sealed partial record Checkout(string Root)
{
    /// <summary>What is kept between runs; deleting it is always safe.</summary>
    public string State => Path.Combine(Root, ".setup");

    public string Solution => Path.Combine(Root, "Interp.sln");

    public string RunSettings => Path.Combine(Root, "tests", "tests.runsettings");

    /// <summary>The test projects in which a test is declared.</summary>
    public IReadOnlyList<TestProject> TestProjects =>
        [.. Directory.EnumerateDirectories(Path.Combine(Root, "tests"), "*.Tests")
            .Order(StringComparer.Ordinal)
            .Where(DeclaresTests)
            .Select(folder => new TestProject(folder))];

    /// <summary>The checkout that a folder lies in.</summary>
    public static Checkout Find(string folder)
    {
        for (var parent = new DirectoryInfo(folder); parent is not null; parent = parent.Parent)
            if (File.Exists(Path.Combine(parent.FullName, "Interp.sln"))) return new Checkout(parent.FullName);
        throw new DirectoryNotFoundException($"no Interp.sln in '{folder}' or above it");
    }

    private static bool DeclaresTests(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !IsBuilt(Path.GetRelativePath(folder, file)))
            .Any(file => File.ReadLines(file).Any(line => TestAttribute().IsMatch(line)));

    private static bool IsBuilt(string relative) => relative.Split(Path.DirectorySeparatorChar)[0] is "bin" or "obj";

    [GeneratedRegex(@"^\s*\[[A-Za-z]*(Fact|Theory|Property)\b")]
    private static partial Regex TestAttribute();
}
