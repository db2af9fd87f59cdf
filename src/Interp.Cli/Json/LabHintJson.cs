namespace Interp.Cli.Json;

/// <summary>A hint.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Text">What it says, in Markdown.</param>
internal sealed record LabHintJson(string Title, string Text);
