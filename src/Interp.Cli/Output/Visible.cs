using System.Text;

namespace Interp.Cli.Output;

/// <summary>Token texts on a terminal: line ends and other control characters are shown, never carried out.</summary>
internal static class Visible
{
    /// <summary>The text with <c>\n</c>, <c>\t</c> and the like spelled out, and a space at either end as <c>␣</c>.</summary>
    public static string Text(string token)
    {
        var text = new StringBuilder();
        for (var i = 0; i < token.Length; i++)
        {
            var c = token[i];
            text.Append(c switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                ' ' when i == 0 || i == token.Length - 1 => "␣",
                _ when char.IsControl(c) => $"\\x{(int)c:x2}",
                _ => c.ToString(),
            });
        }

        return text.ToString();
    }
}
