namespace Interp.Checks;

/// <summary>How a call of <c>dotnet</c> ended, and what it wrote to both of its outputs.</summary>
internal sealed record DotnetRun(int ExitCode, string Output);
