namespace Interp.Reports;

/// <summary>
/// What every script in <c>analyses</c> does around its question: it reads its arguments, gathers claims, writes its
/// page and says by its exit code whether the claims hold.
/// </summary>
/// <example><code>
/// var study = Study.OfScript("heads", args);
/// var report = new Report("Heads") { Command = study.Command };
/// report.AddSection("Verdict").Add(study.Claims);
/// study.Claims.Add("a head copies", "0.81", "≥ 0.5", holds: true);
/// return study.Finish(report);
/// </code></example>
public sealed class Study
{
    private readonly Dictionary<string, string> _options = [];

    /// <param name="script">The script's name, without its ending.</param>
    /// <param name="arguments">
    /// What stands behind <c>--</c> on its command line: <c>--smoke</c>, <c>--out FILE</c>, further options with a
    /// value each, and names.
    /// </param>
    /// <param name="options">Names of the further options, such as <c>--model</c>.</param>
    /// <param name="judgeSmoke">Whether claims are judged in a <c>--smoke</c> run, too.</param>
    /// <exception cref="ArgumentException">An option is not known or has no value.</exception>
    public Study(string script, IReadOnlyList<string> arguments, IReadOnlyList<string>? options = null,
        bool judgeSmoke = true)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(script);
        ArgumentNullException.ThrowIfNull(arguments);
        Names = Parse(script, arguments, ["--out", .. options ?? []]);
        IsSmoke = arguments.Contains("--smoke");
        Page = Option("--out", $"reports/{script}.html");
        Command = $"dotnet run -c Release analyses/{script}.cs"
            + (arguments.Count > 0 ? $" -- {string.Join(' ', arguments)}" : "");
        Claims = new ClaimTable { IsJudged = judgeSmoke || !IsSmoke };
    }

    /// <summary>
    /// The study of the script that runs. What is wrong with its arguments is one line on stderr and exit code 2; a file
    /// or model that is missing or damaged is one line and exit code 1. Any other exception shows where it happened.
    /// </summary>
    /// <inheritdoc cref="Study(string, IReadOnlyList{string}, IReadOnlyList{string}?, bool)"/>
    public static Study OfScript(string script, IReadOnlyList<string> arguments, IReadOnlyList<string>? options = null,
        bool judgeSmoke = true)
    {
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
        {
            if (unhandled.ExceptionObject is IOException or InvalidDataException or UnauthorizedAccessException)
                End((Exception)unhandled.ExceptionObject, exitCode: 1);
        };
        try
        {
            return new Study(script, arguments, options, judgeSmoke);
        }
        catch (ArgumentException e)
        {
            End(e, exitCode: 2);
            throw;
        }
    }

    /// <summary>Whether everything is to be done on little, for a test: <c>--smoke</c>.</summary>
    public bool IsSmoke { get; }

    /// <summary>The file of the report: <c>--out</c>, or one in <c>reports</c>.</summary>
    public string Page { get; }

    /// <summary>The command that does all this again.</summary>
    public string Command { get; }

    /// <summary>The arguments that are no options.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The claims of the study.</summary>
    public ClaimTable Claims { get; }

    /// <summary>The value of an option.</summary>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="otherwise">Its value where it is not given.</param>
    public string Option(string name, string otherwise) => _options.GetValueOrDefault(name, otherwise);

    /// <summary>Writes the claims to stdout and the report to its page.</summary>
    /// <param name="report">The report.</param>
    /// <param name="holds">Whether it holds; null: whether all claims do.</param>
    /// <returns>The exit code: 0, or 3 where it does not hold.</returns>
    public int Finish(Report report, bool? holds = null) => Finish(report, holds, Console.Out, Console.Error);

    internal int Finish(Report report, bool? holds, TextWriter data, TextWriter notes)
    {
        ArgumentNullException.ThrowIfNull(report);
        report.Save(Page);
        Claims.Write(data);
        notes.WriteLine($"wrote {Page}"
            + (Claims.IsJudged ? "" : "; every part ran, too briefly to judge its claim"));
        return holds ?? Claims.Holds ? 0 : 3;
    }

    private static void End(Exception error, int exitCode)
    {
        Console.Error.WriteLine($"error: {error.Message}");
        Environment.Exit(exitCode);
    }

    private List<string> Parse(string script, IReadOnlyList<string> arguments, string[] known)
    {
        var names = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument == "--smoke") continue;
            if (!argument.StartsWith('-')) names.Add(argument);
            else if (!known.Contains(argument))
                throw new ArgumentException($"{script} has no option '{argument}'; it has: --smoke, "
                    + string.Join(", ", known));
            else if (++i == arguments.Count || arguments[i].StartsWith("--", StringComparison.Ordinal))
                throw new ArgumentException($"{script}: the option {argument} has no value; give one behind it");
            else _options[argument] = arguments[i];
        }

        return names;
    }
}
