namespace Interp.Cli.Help;

/// <summary>A command whose help leads with examples.</summary>
internal interface IExamples
{
    /// <summary>The examples, the most common first.</summary>
    IReadOnlyList<Example> Examples { get; }
}
