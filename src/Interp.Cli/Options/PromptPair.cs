using System.CommandLine;
using Interp.Cli.Models;
using Interp.Cli.Patching;

namespace Interp.Cli.Options;

/// <summary><c>--clean</c>, <c>--corrupt</c>, <c>--answer</c>, <c>--wrong</c>: two prompts and the answers they are
/// judged by.</summary>
internal sealed class PromptPair
{
    private readonly Option<string> _clean = Text("--clean", "The prompt whose answer is right", "TEXT");
    private readonly Option<string> _corrupt =
        Text("--corrupt", "A prompt of the same length with another answer", "TEXT");
    private readonly Option<string> _answer = Text(
        "--answer", "The clean prompt's answer, one token; mind the space in front: \" Mary\"", "TOKEN");

    private readonly Option<string> _wrong = Text("--wrong", "The corrupted prompt's answer, one token", "TOKEN");

    /// <summary>Adds the options to a command.</summary>
    public PromptPair AddTo(Command command)
    {
        foreach (var option in new[] { _clean, _corrupt, _answer, _wrong }) command.Add(option);
        return this;
    }

    /// <summary>Reads the prompts and answers.</summary>
    /// <exception cref="UserErrorException">They do not go together; the message says why.</exception>
    public PatchPrompts Read(ParseResult arguments, LoadedModel model) => PatchPrompts.Read(model,
        arguments.GetRequiredValue(_clean), arguments.GetRequiredValue(_corrupt),
        arguments.GetRequiredValue(_answer), arguments.GetRequiredValue(_wrong));

    private static Option<string> Text(string name, string description, string help) => new(name)
    {
        Description = description,
        HelpName = help,
        Required = true,
    };
}
