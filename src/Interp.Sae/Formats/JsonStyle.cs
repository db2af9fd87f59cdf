using System.Text.Encodings.Web;
using System.Text.Json;

namespace Interp.Sae.Formats;

/// <summary>How settings of other toolkits are written.</summary>
internal static class JsonStyle
{
    internal static JsonSerializerOptions Indented { get; } = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
