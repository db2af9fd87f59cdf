using System.CommandLine;

namespace Interp.Cli.Help;

/// <summary>Finds what was meant by a command or option that does not exist.</summary>
internal static class Suggestions
{
    /// <summary>A message that names the unknown word and the nearest known one; null where no word is unknown.</summary>
    public static string? ForUnknownWord(ParseResult result)
    {
        if (result.UnmatchedTokens is not [var word, ..]) return null;
        var command = result.CommandResult.Command;
        var isOption = word.StartsWith('-');
        if (!isOption && command.Subcommands.Count == 0) return $"unexpected '{word}'";
        var known = isOption
            ? command.Options.Concat(command.Parents.OfType<Command>().SelectMany(p => p.Options.Where(o => o.Recursive))).Select(o => o.Name)
            : command.Subcommands.Select(c => c.Name);
        var nearest = word == "help" ? "--help" : Nearest(word, known);
        var kind = isOption ? "option" : "command";
        return nearest is null ? $"unknown {kind} '{word}'" : $"unknown {kind} '{word}'; did you mean '{nearest}'?";
    }

    /// <summary>The known word with the fewest edits from the given one, if they are few; else null.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        var (best, distance) = known.Select(k => (k, Distance(word, k))).DefaultIfEmpty(("", int.MaxValue)).MinBy(x => x.Item2);
        return distance <= Math.Max(1, Math.Min(word.Length, best.Length) / 2) ? best : null;
    }

    /// <summary>Edits (insert, delete, replace, swap of neighbours) between two words.</summary>
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var replace = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replace, 1 + Math.Min(table[i - 1, j], table[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[a.Length, b.Length];
    }
}
