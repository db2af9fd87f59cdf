namespace Interp.Cli.Tests;

/// <summary>
/// The collection of the tests that use the process's one console: cells of a notebook take it over while they run, and
/// blocks of the documentation print to it. Side by side, one would read what the other prints.
/// </summary>
[CollectionDefinition(Name)]
public sealed class ConsoleOfTheProcess
{
    internal const string Name = "The console of the process";
}
