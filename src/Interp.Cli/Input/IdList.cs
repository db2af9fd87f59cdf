namespace Interp.Cli.Input;

/// <summary>Reads token ids as typed: <c>5,3,9</c>.</summary>
internal static class IdList
{
    /// <summary>Reads one sequence of ids.</summary>
    /// <param name="text">Whole numbers from 0, separated by commas or spaces.</param>
    /// <param name="option">The option that it was given with, for the error.</param>
    /// <exception cref="UserErrorException">A piece is no id, or there is none.</exception>
    public static long[] Parse(string text, string option = "--ids")
    {
        var pieces = text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        if (pieces.Length == 0) throw UserErrorException.Usage($"{option}: no ids in '{text}'; give them as 5,3,9");
        return Array.ConvertAll(pieces, piece => long.TryParse(piece, out var id) && id >= 0
            ? id
            : throw UserErrorException.Usage($"{option}: '{piece}' is not a token id; ids are whole numbers from 0, as 5,3,9"));
    }

    /// <summary>Whether the text is a list of ids and nothing else.</summary>
    public static bool Is(string text) => text.Length > 0 && text.All(c => char.IsAsciiDigit(c) || c is ',' or ' ')
        && text.Any(char.IsAsciiDigit);

    /// <summary>Reads a batch: one sequence for each text, all of one length.</summary>
    /// <exception cref="UserErrorException">A piece is no id, or the lengths differ.</exception>
    public static long[][] ParseBatch(IReadOnlyList<string> rows, string option = "--ids")
    {
        var batch = rows.Select(row => Parse(row, option)).ToArray();
        for (var i = 1; i < batch.Length; i++)
        {
            if (batch[i].Length != batch[0].Length)
                throw UserErrorException.Usage($"{option}: row {i + 1} has {batch[i].Length} ids and row 1 has "
                    + $"{batch[0].Length}; pad them to one length and say which are real with --mask-file");
        }

        return batch;
    }
}
