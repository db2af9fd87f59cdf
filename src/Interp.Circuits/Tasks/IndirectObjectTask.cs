using Interp.Models;
using Interp.Tokenizers;
using Interp.Torch;

namespace Interp.Circuits.Tasks;

/// <summary>
/// Prompts of the indirect object task: "When Mary and John went to the shop, John gave a drink to" → " Mary" (Wang et
/// al. 2022, Interpretability in the Wild).
/// </summary>
/// <remarks>
/// Half of the prompts name the receiver first, half the giver (ABBA and BABA there), so that position alone tells
/// nothing. Every name, place and thing is one token, so that all prompts have one length and <see cref="Roles"/> are
/// positions. The corruptions keep the length:
/// <code>
/// clean      When Mary and John went to the shop, John gave a drink to    → Mary
/// flipped    When Mary and John went to the shop, Mary gave a drink to    → John
/// unrelated  When Paul and Emma went to the shop, Lucy gave a drink to    → nothing to find
/// </code>
/// Flipped prompts differ at one token and turn the answer round; unrelated ones have the same sentence without the
/// information, and are what means are taken over.
/// </remarks>
/// <param name="Clean">Tokens [prompt, pos].</param>
/// <param name="Flipped">The same with the other person giving [prompt, pos].</param>
/// <param name="Unrelated">The same sentence with three other names [prompt, pos].</param>
/// <param name="Answers">The receiver of each prompt.</param>
/// <param name="Givers">The giver of each prompt.</param>
/// <param name="Roles">Positions: <c>first</c> and <c>second</c> name, <c>giver</c>, <c>end</c>.</param>
/// <param name="ReceiverFirst">For each prompt whether the receiver is the first name.</param>
/// <param name="Texts">The clean prompts as text.</param>
public sealed record IndirectObjectTask(Tensor Clean, Tensor Flipped, Tensor Unrelated, int[] Answers, int[] Givers,
    IReadOnlyDictionary<string, int> Roles, bool[] ReceiverFirst, IReadOnlyList<string> Texts) : IDisposable
{
    private static readonly string[] Names =
    [
        "Mary", "Anna", "Emma", "Lucy", "Kate", "Jane", "Rose", "Ruth", "Alice", "Clara", "Laura", "Helen", "Susan",
        "Lisa", "Grace",
        "John", "Tom", "James", "Peter", "Paul", "Mark", "David", "Daniel", "Simon", "Adam", "Henry", "George", "Jack",
        "Sam", "Max",
    ];

    private static readonly string[] Places =
        ["shop", "park", "school", "garden", "beach", "market", "river", "station", "library"];

    private static readonly string[] Things =
        ["drink", "book", "ball", "cake", "key", "letter", "lamp", "ring", "cup", "hat"];

    /// <summary>Makes prompts for a model.</summary>
    /// <param name="model">With a tokenizer in which enough of the words are single tokens.</param>
    /// <param name="count">Prompts; an even number.</param>
    /// <param name="seed">Which words.</param>
    /// <exception cref="ArgumentException">The count is odd or too small, or the vocabulary has too few of the
    /// words.</exception>
    public static IndirectObjectTask Create(HookedTransformer model, int count = 64, int seed = 0)
    {
        if (count < 2 || count % 2 != 0)
            throw new ArgumentException($"the indirect object task needs an even number of prompts, got {count}");
        var (names, places, things) = (Single(model, Names, 4), Single(model, Places, 1), Single(model, Things, 1));
        var random = new Random(seed);
        var rows = Enumerable.Range(0, count)
            .Select(k => new Prompt(random.GetItems(places, 1)[0], random.GetItems(things, 1)[0],
            Draw(random, names, 5), k % 2 == 0)).ToArray();
        var clean = rows.Select(row => row.Text(row.Giver)).ToArray();
        var tokens = Batch(model, clean);
        return new IndirectObjectTask(tokens, Batch(model, [.. rows.Select(row => row.Text(row.Receiver))]),
            Batch(model, [.. rows.Select(row => row.Unrelated)]), [.. rows.Select(row => Id(model, row.Receiver))],
            [.. rows.Select(row => Id(model, row.Giver))], RolesOf(model, tokens, rows[0]),
                [.. rows.Select(row => row.ReceiverFirst)], clean);
    }

    /// <summary>The share of prompts where the receiver is more probable than the giver.</summary>
    /// <param name="logits">[prompt, 1 or pos, d_vocab]; the last position is read.</param>
    public double Accuracy(Tensor logits)
    {
        using var scope = torch.NewDisposeScope();
        var last = logits.select(1, logits.size(1) - 1);
        Tensor Of(int[] tokens) =>
            last.gather(1, torch.tensor(tokens.Select(t => (long)t).ToArray(), [tokens.Length, 1],
                device: last.device));
        return (Of(Answers) > Of(Givers)).to(ScalarType.Float64).mean().item<double>();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[Clean, Flipped, Unrelated]) tensor.Dispose();
    }

    private static Dictionary<string, int> RolesOf(HookedTransformer model, Tensor tokens, Prompt prompt)
    {
        using var first = tokens.select(0, 0);
        var ids = first.ToArray<long>();
        int Find(string name, int from = 0) => Array.IndexOf(ids, (long)Id(model, name), from);
        var (one, two) = (Find(prompt.First), Find(prompt.Second));
        return new Dictionary<string, int>
        {
            ["first"] = one,
            ["second"] = two,
            ["giver"] = Find(prompt.Giver, Math.Max(one, two) + 1),
            ["end"] = ids.Length - 1,
        };
    }

    private static string[] Single(HookedTransformer model, string[] words, int least)
    {
        var found = words.Where(word => model.Text.Tokenizer.Encode(" " + word).Length == 1).ToArray();
        return found.Length >= least
            ? found
            : throw new ArgumentException(
                $"{model.Config.ModelName} has {found.Length} of the words {words[0]}, {words[1]} … as single tokens; the indirect object task needs {least}");
    }

    private static string[] Draw(Random random, string[] names, int count)
    {
        var shuffled = (string[])names.Clone();
        random.Shuffle(shuffled);
        return shuffled[..Math.Min(count, shuffled.Length)];
    }

    private static Tensor Batch(HookedTransformer model, string[] texts)
    {
        var rows = texts.Select(text => model.Text.ToTokens(text, model.Text.Default.Prepends)).ToArray();
        return torch.tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length], device: model.Device)
            .DetachFromDisposeScope();
    }

    private static int Id(HookedTransformer model, string name) => (int)model.ToSingleToken(" " + name);

    private sealed record Prompt(string Place, string Thing, string[] Names, bool ReceiverFirst)
    {
        internal string Receiver => Names[0];

        internal string Giver => Names[1];

        internal string First => ReceiverFirst ? Receiver : Giver;

        internal string Second => ReceiverFirst ? Giver : Receiver;

        internal string Unrelated => Write(Names[^1], Names[^2], Names[^3]);

        internal string Text(string giver) => Write(First, Second, giver);

        private string Write(string first, string second, string giver) =>
            $"When {first} and {second} went to the {Place}, {giver} gave a {Thing} to";
    }
}
