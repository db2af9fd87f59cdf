using Interp.Circuits.Metrics;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.GreaterThan;

/// <summary>
/// Prompts whose end must be a later year: "The war lasted from the year 1732 to the year 17" → 33 … 99 (Hanna et al.
/// 2023, How does GPT-2 compute greater-than?).
/// </summary>
/// <remarks>
/// The tokenizer must make two tokens of two digits each of a year. Corrupted prompts have 01 in place of the first
/// year's last digits, after which every year is possible: what is then missing is what the model took from these
/// digits.
/// <code>
/// using var task = GreaterThanTask.TryCreate(model, out var reason);
/// var behaviour = task?.Behave(model.Forward(task.Tokens));
/// </code>
/// </remarks>
public sealed class GreaterThanTask : IDisposable
{
    private static readonly string[] Nouns =
    [
        "war", "conflict", "reign", "project", "campaign", "siege", "trial", "study", "crisis", "tour", "journey",
            "partnership", "strike",
        "marriage", "dispute", "program", "voyage", "rebellion", "plague", "expedition",
    ];

    private readonly int[] ends;
    private readonly long[] digits; // the token of 00 … 99

    private GreaterThanTask(Tensor tokens, Tensor corrupted, int[] ends, long[] digits, IReadOnlyList<string> texts)
    {
        (Tokens, Corrupted) = (tokens.DetachFromDisposeScope(), corrupted.DetachFromDisposeScope());
        (this.ends, this.digits, Texts) = (ends, digits, texts);
    }

    /// <summary>[prompt, pos]</summary>
    public Tensor Tokens { get; }

    /// <summary>The same with the year 01 [prompt, pos].</summary>
    public Tensor Corrupted { get; }

    /// <summary>The prompts.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>The last two digits of each prompt's first year.</summary>
    public IReadOnlyList<int> Ends => ends;

    /// <summary>Makes prompts, if the tokenizer has years of two tokens.</summary>
    /// <param name="model">With a tokenizer.</param>
    /// <param name="reason">Why there are none.</param>
    /// <param name="count">Prompts.</param>
    /// <param name="seed">Which words and years.</param>
    /// <returns>The task, or null.</returns>
    public static GreaterThanTask? TryCreate(HookedTransformer model, out string? reason, int count = 100, int seed = 0)
    {
        if (count < 2) throw new ArgumentException($"greater-than needs at least 2 prompts, got {count}");
        var tokenizer = model.Text.Tokenizer;
        long[] Of(string text) => tokenizer.Encode(text);
        var nouns = Nouns.Where(noun => Of(" " + noun).Length == 1).ToArray();
        bool IsWhole(int century, int end) => Of($" {century}{end:00}") is { Length: 2 } year
            && Of($" {century}") is { Length: 1 } first && first[0] == year[0];
        var centuries = Enumerable.Range(11, 7).Where(century => Of($" {century}").Length == 1).ToArray();
        // Some years, such as 1800, are one token: others are drawn.
        var sound = centuries.Where(century => Enumerable.Range(2, 97).Count(end => IsWhole(century, end)) >= 20)
            .ToArray();
        var digits = Enumerable.Range(0, 100).Select(end => Digits(tokenizer, end)).ToArray();
        reason = sound.Length == 0 || nouns.Length == 0 || Array.IndexOf(digits, -1) >= 0
            ? $"the tokenizer of {model.Config.ModelName} does not write years as two tokens of two digits" : null;
        if (reason is not null) return null;
        var random = new Random(seed);
        var drawn = Enumerable.Range(0, count)
            .Select(_ => Draw(random, sound, IsWhole, nouns[random.Next(nouns.Length)])).ToArray();
        return new GreaterThanTask(Batch(model, drawn, null, digits), Batch(model, drawn, 1, digits),
            [.. drawn.Select(d => d.End)], digits,
            [.. drawn.Select(d => Text(d.Noun, d.Century, d.End))]);
    }

    /// <summary>How a model's logits [prompt, 1 or pos, d_vocab] rank the years.</summary>
    public GreaterThanBehaviour Behave(Tensor logits)
    {
        using var scope = torch.NewDisposeScope();
        var years = Years(logits);
        return new GreaterThanBehaviour(Difference(years).to(ScalarType.Float64).ToDouble(), Sharpness(years));
    }

    /// <summary>The probability difference as a metric, for patching.</summary>
    public LogitMetric Metric() => LogitMetric.Of(logits => Difference(Years(logits)), "probability difference", [-1]);

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens.Dispose();
        Corrupted.Dispose();
    }

    private Tensor Years(Tensor logits) =>
        logits.select(1, logits.size(1) - 1).softmax(-1).index_select(1,
            torch.tensor(digits, device: logits.device)); // [prompt, 100]

    /// <summary>Σ p(y > end) − Σ p(y ≤ end), the mean over prompts.</summary>
    private Tensor Difference(Tensor years)
    {
        var signs = ends.SelectMany(end => Enumerable.Range(0, 100).Select(year => year > end ? 1f : -1f)).ToArray();
        return (years * torch.tensor(signs, [ends.Length, 100], device: years.device)).sum(-1).mean();
    }

    /// <summary>p(end + 1) − p(end − 1), the mean over prompts.</summary>
    private double Sharpness(Tensor years)
    {
        var values = years.to(ScalarType.Float64).contiguous().ToArray<double>();
        return ends.Select((end, row) => values[row * 100 + end + 1] - values[row * 100 + end - 1]).Average();
    }

    private static long Digits(Tokenizers.Tokenizer tokenizer, int end) =>
        tokenizer.Encode($"{end:00}") is { Length: 1 } ids ? ids[0] : -1;

    private static (string Noun, int Century, int End) Draw(Random random, int[] centuries,
        Func<int, int, bool> isWhole, string noun)
    {
        var century = centuries[random.Next(centuries.Length)];
        int[] possible = [.. Enumerable.Range(2, 97).Where(end => isWhole(century, end))];
        return (noun, century, possible[random.Next(possible.Length)]);
    }

    private static string Text(string noun, int century, int end) =>
        $"The {noun} lasted from the year {century}{end:00} to the year {century}";

    private static Tensor Batch(HookedTransformer model, (string Noun, int Century, int End)[] drawn, int? end,
        long[] digits)
    {
        var rows = drawn.Select(d => model.Text.ToTokens(Text(d.Noun, d.Century, d.End), model.Text.Default.Prepends))
            .ToArray();
        // The end of the first year is replaced as a token: 01 might be written with the century as one.
        if (end is { } other) foreach (var (row, at) in rows.Zip(drawn,
            (row, d) => (row, Array.IndexOf(row, digits[d.End])))) row[at] = digits[other];
        return torch.tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length], device: model.Device);
    }
}
