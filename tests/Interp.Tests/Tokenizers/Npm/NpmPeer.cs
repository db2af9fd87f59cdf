using System.Diagnostics;
using System.Text.Json;

namespace Interp.Tests.Tokenizers.Npm;

/// <summary>
/// The npm package <c>@huggingface/tokenizers</c> in a node process: from the folder that <c>INTERP_NPM_TOKENIZERS</c>
/// names, else from <c>.setup/node_modules</c>, which <c>scripts/optional-peers</c> fills.
/// </summary>
internal static class NpmPeer
{
    private const string Package = "@huggingface/tokenizers";

    private static readonly string? Folder = Find();

    /// <summary>Why there is no peer, or null where there is one.</summary>
    public static string? Missing { get; } =
        Folder is null ? $"the npm package {Package} is neither in INTERP_NPM_TOKENIZERS nor in .setup/node_modules"
        : !HasNode() ? "node is not on the path"
        : null;

    /// <summary>The ids that the package gives texts, without special tokens around them, and the seconds it took.</summary>
    public static (long[][] Ids, double Seconds) Encode(string tokenizerJson, IReadOnlyList<string> texts, int rounds = 1)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("texts.json", JsonSerializer.SerializeToUtf8Bytes(texts));
        var script = Path.Combine(Repository.Root, "tests", "Interp.Tests", "Tokenizers", "Npm", "npm_tokens.mjs");
        using var process = Start(script, Folder!, tokenizerJson, file, rounds.ToString());
        using var answer = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        return ([.. answer.RootElement.GetProperty("ids").EnumerateArray().Select(ids => ids.EnumerateArray().Select(id => id.GetInt64()).ToArray())],
            answer.RootElement.GetProperty("seconds").GetDouble());
    }

    private static string? Find()
    {
        string?[] places =
        [
            Environment.GetEnvironmentVariable("INTERP_NPM_TOKENIZERS"),
            Path.Combine(Repository.Root, ".setup", "node_modules", "@huggingface", "tokenizers"),
        ];
        return places.FirstOrDefault(place => !string.IsNullOrEmpty(place) && File.Exists(Path.Combine(place, "dist", "tokenizers.mjs")));
    }

    private static bool HasNode()
    {
        try
        {
            using var process = Start("--version");
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
}
