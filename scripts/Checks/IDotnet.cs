namespace Interp.Checks;

/// <summary>The <c>dotnet</c> command.</summary>
internal interface IDotnet
{
    /// <summary>Runs it to its end without standard input.</summary>
    /// <param name="arguments">What stands behind <c>dotnet</c>.</param>
    /// <param name="variables">Environment variables beside those of this process.</param>
    /// <param name="folder">Where it runs; the checkout where none is named.</param>
    DotnetRun Run(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? variables = null, string? folder = null);
}
