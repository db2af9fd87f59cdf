using Interp.Circuits.Patching;

namespace Interp.Cli.Patching;

/// <summary>The sweeps by the names that <c>--sites</c> takes.</summary>
internal static class SweepKinds
{
    private static readonly Dictionary<string, Func<ActivationPatching, SweepResult>> All = new()
    {
        ["resid_pre"] = patching => patching.ResidPre(),
        ["resid_mid"] = patching => patching.ResidMid(),
        ["resid_post"] = patching => patching.ResidPost(),
        ["attn_out"] = patching => patching.AttentionOutput(),
        ["mlp_out"] = patching => patching.MlpOutput(),
        ["head_out"] = patching => patching.HeadOutputAllPositions(),
        ["q"] = patching => patching.QueryAllPositions(),
        ["k"] = patching => patching.KeyAllPositions(),
        ["v"] = patching => patching.ValueAllPositions(),
        ["pattern"] = patching => patching.PatternAllPositions(),
    };

    /// <summary>The names, as help and errors show them.</summary>
    public static string Names => string.Join(", ", All.Keys);

    /// <summary>The sweeps of a list of names.</summary>
    /// <exception cref="UserErrorException">A name is unknown.</exception>
    public static IReadOnlyList<(string Name, Func<ActivationPatching, SweepResult> Run)> Parse(string list) =>
        [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name =>
            All.TryGetValue(name, out var run)
                ? (name, run) : throw new UserErrorException($"--sites: no sites '{name}'; known: {Names}"))];
}
