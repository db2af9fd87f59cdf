using System.Security;
using Interp.Checks;

namespace Interp.Cli.Tests.Scripts;

/// <summary>A checkout's folder and a <c>dotnet</c> that "tests" by writing the results that a test has prepared.</summary>
internal sealed class FakeDotnet : IDotnet, IDisposable
{
    private readonly Dictionary<string, (int ExitCode, string Output, string? Trx)> _projects = [];

    public FakeDotnet()
    {
        Checkout = new Checkout(Directory.CreateTempSubdirectory("interp-checks-").FullName);
        Directory.CreateDirectory(Path.Combine(Checkout.Root, "tests"));
    }

    public Checkout Checkout { get; }

    /// <summary>What it was asked for: arguments, and the environment's variables.</summary>
    public List<(string Arguments, IReadOnlyDictionary<string, string> Variables)> Calls { get; } = [];

    public bool BuildFails { get; set; }

    public bool IsUnformatted { get; set; }

    /// <summary>Adds a test project whose run will end with these outcomes; without any it leaves no results.</summary>
    public void AddTests(string name, int exitCode, string output, params string[] outcomes)
    {
        var folder = Path.Combine(Checkout.Root, "tests", name);
        var dll = new TestProject(folder).Dll;
        Directory.CreateDirectory(Path.GetDirectoryName(dll)!);
        File.WriteAllText(dll, "");
        File.WriteAllText(Path.Combine(folder, "Tests.cs"), "    [Fact]\n    public void A() { }\n");
        var reason = SecurityElement.Escape("it's not <here>");
        var results = outcomes.Select((outcome, i) => $"<UnitTestResult testName=\"T{i}\" outcome=\"{outcome}\"><Output>"
            + $"<StdOut>&#x1b;printed</StdOut><ErrorInfo><Message>{reason}</Message></ErrorInfo></Output></UnitTestResult>");
        var trx = "<TestRun xmlns=\"http://microsoft.com/schemas/VisualStudio/TeamTest/2010\"><Results>"
            + string.Concat(results) + "</Results></TestRun>";
        _projects[name] = (exitCode, output, outcomes.Length == 0 ? null : trx);
    }

    public DotnetRun Run(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? variables, string? folder)
    {
        Calls.Add((string.Join(' ', arguments), variables ?? new Dictionary<string, string>()));
        switch (arguments[0])
        {
            case "build":
                return BuildFails ? new DotnetRun(1, "error CS1002: ; expected\n") : new DotnetRun(0, "");
            case "format":
                return IsUnformatted ? new DotnetRun(2, "T.cs(1,1): error WHITESPACE\n") : new DotnetRun(0, "");
            default:
                var name = Path.GetFileNameWithoutExtension(arguments[1]);
                var (code, output, trx) = _projects[name];
                var results = arguments[arguments.ToList().IndexOf("--results-directory") + 1];
                if (trx is not null) File.WriteAllText(Path.Combine(results, $"{name}.trx"), trx);
                return new DotnetRun(code, output);
        }
    }

    public void Dispose() => Directory.Delete(Checkout.Root, recursive: true);
}
