using System.Buffers;
using System.Text.RegularExpressions;

namespace Interp.Hub;

/// <summary>What names may look like. Names from the hub become paths, so nothing that leads out of the cache passes.</summary>
internal static partial class HubNames
{
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("\\:*?\"<>|~^");

    private const int LongestRevision = 250, LongestFile = 512;

    /// <summary>The branch that a repository has where nobody says otherwise.</summary>
    internal const string Main = "main";

    /// <summary>Takes <c>name@revision</c> apart; no name holds an '@'.</summary>
    internal static (string Name, string Revision) Split(string written) =>
        written.IndexOf('@') is > 0 and var at ? (written[..at], written[(at + 1)..]) : (written, Main);

    /// <summary>A repository, <c>name</c> or <c>owner/name</c>.</summary>
    internal static bool IsRepository(string name) =>
        name.Length is > 0 and <= 96 && Repository().IsMatch(name) && !name.Contains("--") && !name.Contains("..")
        && !name.EndsWith(".git", StringComparison.Ordinal);

    internal static string CheckRepository(string name) => IsRepository(name) ? name : throw new HubException(HubErrorKind.BadName,
        $"'{Shown(name)}' is no name of a model; names are 'gpt2' or 'owner/name', of letters, digits, '-', '_' and '.'");

    internal static string CheckRevision(string revision) =>
        revision.Length is > 0 and <= LongestRevision && ArePlainSegments(revision)
            ? revision
            : throw new HubException(HubErrorKind.BadName,
                $"'{Shown(revision)}' is no revision; give a branch, a tag or the 40 digits of a commit");

    /// <summary>A file of a repository, as a relative path with '/'.</summary>
    /// <summary>A file to fetch, as a relative path with '/'.</summary>
    internal static string CheckFile(string file, string where) =>
        file.Length is > 0 and <= LongestFile && ArePlainSegments(file) ? file : throw BadFile(file, where);

    /// <summary>A file that is only listed: any name that stays in its folder.</summary>
    internal static string CheckListed(string file, string where) =>
        file.Split('/', '\\').All(segment => segment is not ("" or "." or "..")) && !file.Contains('\0') ? file : throw BadFile(file, where);

    internal static bool IsCommit(string text) => text.Length == 40 && IsHex(text);

    internal static string CheckCommit(string text, string where) => IsCommit(text) ? text : throw new HubException(
        HubErrorKind.BadAnswer, $"{where} gives the commit '{Shown(text)}'; a commit has 40 digits 0-9a-f");

    /// <summary>The hub's name of a file's content without quotes and the mark of a weak one; it names the blob.</summary>
    internal static string CheckETag(string text, string where)
    {
        var tag = (text.StartsWith("W/", StringComparison.Ordinal) ? text[2..] : text).Trim('"');
        return tag.Length is > 0 and <= 128 && tag.Trim('.').Length > 0 && tag.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? tag
            : throw new HubException(HubErrorKind.BadAnswer, $"{where} has the ETag '{Shown(text)}', which cannot name a file");
    }

    private static HubException BadFile(string file, string where) => new(HubErrorKind.BadAnswer,
        $"{where} names a file '{Shown(file)}'; a file name must be a relative path without '..'");

    internal static bool IsHex(string text) => text.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f');

    /// <summary>Strange text as it may stand in a message: short and without control characters.</summary>
    internal static string Shown(string text)
    {
        var clean = new string([.. text.Take(80).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\ufffd' : c)]);
        return text.Length > 80 ? clean + "…" : clean;
    }

    private static bool ArePlainSegments(string path) => path.Split('/').All(IsPlainSegment);

    // '\' and ':' are parts of paths on Windows; a name that ends in '.' or ' ' is another name there.
    private static bool IsPlainSegment(string segment) =>
        segment.Length > 0 && segment is not ("." or "..") && !segment.EndsWith(' ') && !segment.EndsWith('.')
        && segment.AsSpan().IndexOfAny(NotInNames) < 0 && !segment.Any(c => char.IsControl(c) || char.IsSurrogate(c));

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)?\z")]
    private static partial Regex Repository();
}
