using Interp.Models;

namespace Interp.Studies.Ioi;

/// <summary>
/// Prompts of indirect object identification: "When Mary and John went to the shop, John gave a drink to" → " Mary"
/// (Wang et al. 2022, Interpretability in the Wild).
/// </summary>
/// <remarks>
/// For a model's own tokenizer: words that it splits are left out and listed in <see cref="Dropped"/>, so that all
/// prompts of a template have one length and names stand at known positions. Half of the prompts name the receiver
/// first (ABBA), half the giver (BABA), so that position alone tells nothing.
/// <code>
/// using var data = IoiDataset.Create(model);
/// using var abc = data.Batches[0].Corrupted(IoiCorruption.OtherNames);
/// </code>
/// </remarks>
public sealed class IoiDataset : IDisposable
{
    private IoiDataset(IReadOnlyList<IoiBatch> batches, IReadOnlyList<string> names, IReadOnlyList<string> dropped) =>
        (Batches, Names, Dropped) = (batches, names, dropped);

    /// <summary>The prompts, template by template.</summary>
    public IReadOnlyList<IoiBatch> Batches { get; }

    /// <summary>The names that are used.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Names, places, things and templates that are not used, because the tokenizer splits them.</summary>
    public IReadOnlyList<string> Dropped { get; }

    /// <summary>All prompts.</summary>
    public int Count => Batches.Sum(batch => batch.Prompts.Count);

    /// <summary>Makes prompts for a model.</summary>
    /// <param name="model">With a tokenizer.</param>
    /// <param name="templates">How many templates, at most.</param>
    /// <param name="prompts">Prompts of each; an even number.</param>
    /// <param name="seed">Which words.</param>
    /// <exception cref="ArgumentException">A number is too small or odd, or the tokenizer has too few of the words as
    /// single tokens.</exception>
    public static IoiDataset Create(HookedTransformer model, int templates = 3, int prompts = 24, int seed = 0)
    {
        if (templates < 1 || prompts < 2 || prompts % 2 != 0)
            throw new ArgumentException($"indirect object prompts need at least one template and an even number "
                + $"of prompts of each, got {templates} and {prompts}");
        var dropped = new List<string>();
        var (names, places, things) = (Whole(model, IoiWords.Names, 5, dropped),
            Whole(model, IoiWords.Places, 1, dropped), Whole(model, IoiWords.Things, 1, dropped));
        var sentences = Sentences(model, dropped);
        var random = new Random(seed);
        var batches = sentences.Take(templates).Select(sentence => new IoiBatch(model, sentence,
            [.. Enumerable.Range(0, prompts).Select(k => Draw(random, names, places, things, k % 2 == 0))])).ToArray();
        return new IoiDataset(batches, names, dropped);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var batch in Batches) batch.Dispose();
    }

    private static IoiPrompt Draw(Random random, string[] names, string[] places, string[] things, bool receiverFirst)
    {
        var shuffled = (string[])names.Clone();
        random.Shuffle(shuffled);
        return new IoiPrompt(shuffled[0], shuffled[1], places[random.Next(places.Length)],
            things[random.Next(things.Length)], receiverFirst, shuffled[2..5]);
    }

    private static string[] Whole(HookedTransformer model, string[] words, int least, List<string> dropped)
    {
        var whole = words.Where(word => IsToken(model, " " + word)).ToArray();
        dropped.AddRange(words.Except(whole));
        return whole.Length >= least ? whole : throw new ArgumentException(
            $"{model.Config.ModelName} has {whole.Length} of the words {words[0]}, {words[1]} … as single "
                + $"tokens; indirect object prompts need {least}");
    }

    /// <summary>
    /// The templates of which all words are tokens; all where there is none, for words that are split are then read
    /// too.
    /// </summary>
    private static string[] Sentences(HookedTransformer model, List<string> dropped)
    {
        var whole = IoiWords.Templates.Where(template => template.Split(' ').Index()
            .All(word => word.Item[0] == '{'
                || IsToken(model, (word.Index == 0 ? "" : " ") + word.Item.TrimEnd(',', '.')))).ToArray();
        if (whole.Length == 0) return IoiWords.Templates;
        dropped.AddRange(IoiWords.Templates.Except(whole));
        return whole;
    }

    private static bool IsToken(HookedTransformer model, string word) => model.Text.Tokenizer.Encode(word).Length == 1;
}
