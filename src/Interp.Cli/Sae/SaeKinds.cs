using Interp.Sae.Dictionaries;

namespace Interp.Cli.Sae;

/// <summary>The kinds of dictionaries by the names that <c>--kind</c> takes.</summary>
internal static class SaeKinds
{
    /// <summary>The names, for help and errors.</summary>
    public const string Names = "standard, gated, topk, batchtopk, jumprelu, matryoshka, transcoder, skip-transcoder";

    /// <summary>Whether a kind rebuilds another hook than it reads.</summary>
    public static bool Transcodes(string kind) => kind is "transcoder" or "skip-transcoder";

    /// <summary>The options of a kind.</summary>
    /// <param name="kind">Its name.</param>
    /// <param name="width">The width of what is read.</param>
    /// <param name="widthOut">The width of what is rebuilt.</param>
    /// <param name="features">The number of features.</param>
    /// <param name="k">Features that are on, where it was given.</param>
    /// <param name="coefficient">The weight of the sparsity term, where it was given.</param>
    /// <exception cref="UserErrorException">The kind is unknown, or takes no such option.</exception>
    public static DictionaryOptions Options(string kind, int width, int widthOut, int features, int? k,
        double? coefficient)
    {
        var takesK = kind is "topk" or "batchtopk" or "matryoshka" || Transcodes(kind);
        if (k is not null && !takesK)
            throw new UserErrorException($"--k: a {kind} dictionary has no fixed number of features; use --sparsity");
        if (coefficient is not null
            && (kind is "topk" or "batchtopk" or "matryoshka" || (Transcodes(kind) && k is not null)))
            throw new UserErrorException($"--sparsity: with --k the number of features decides; a {kind} dictionary "
                + $"takes one of the two");
        var (on, price) = (k ?? 32, coefficient ?? (kind == "jumprelu" ? 1 : 5));
        return kind switch
        {
            "standard" => new StandardOptions { DIn = width, DSae = features, L1Coefficient = price },
            "gated" => new GatedOptions { DIn = width, DSae = features, L1Coefficient = price },
            "topk" => new TopKOptions { DIn = width, DSae = features, K = on },
            "batchtopk" => new BatchTopKOptions { DIn = width, DSae = features, K = on },
            "jumprelu" => new JumpReluOptions { DIn = width, DSae = features, L0Coefficient = price },
            "matryoshka" => new MatryoshkaOptions { DIn = width, DSae = features, K = on, Widths = Nested(features) },
            "transcoder" or "skip-transcoder" => new TranscoderOptions
            {
                DIn = width,
                DSae = features,
                DOut = widthOut,
                K = k,
                L1Coefficient = price,
                Skip = kind == "skip-transcoder",
                ApplyBDecToInput = false,
            },
            _ => throw new UserErrorException($"--kind: '{kind}' is not known; use one of {Names}"),
        };
    }

    /// <summary>A sixteenth, an eighth, a quarter and a half, and all.</summary>
    private static int[] Nested(int features) =>
        [.. new[] { 16, 8, 4, 2, 1 }.Select(part => features / part).Where(size => size > 0).Distinct()];
}
