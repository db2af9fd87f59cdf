using Interp.Models;
using Interp.Studies.Stories.Grammar;
using Interp.Tensors;
using Interp.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Stories;

/// <summary>Measures a language model on stories that it was not trained on, against what the grammar knows.</summary>
/// <remarks>
/// <para>The loss is compared with the grammar's entropy on new stories of the kind it was trained on. The behaviours
/// are measured on stories of the held-out pairs of people: the model has never seen the two names together.</para>
/// <para>A place counts as right when the most probable of all tokens begins an answer that the grammar allows there, so
/// guessing gives next to nothing.</para>
/// <code>
/// using var model = HookedTransformer.Load("models/stories");
/// var scores = StoriesEvaluation.Measure(model);
/// Console.WriteLine(scores[StoryBehaviour.IndirectObject].Accuracy);
/// </code>
/// </remarks>
public static class StoriesEvaluation
{
    /// <summary>Stories that are measured where nothing else is asked for: 1000.</summary>
    public const int DefaultStories = 1000;

    private const int BatchSize = 32;

    /// <summary>Measures loss and behaviours.</summary>
    /// <param name="model">A model with the tokenizer of stories.</param>
    /// <param name="stories">Stories for the loss, and as many others for the behaviours; <value>1000</value>.</param>
    /// <param name="seed">Which stories; <value>0</value>. No seed gives a story of the training.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="ArgumentException">The model has no tokenizer with a start token.</exception>
    public static StoriesScores Measure(HookedTransformer model, int stories = DefaultStories, ulong seed = 0, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stories, 1);
        if (model.Tokenizer?.BosId is null)
            throw new ArgumentException($"evaluate stories: the model '{model.Config.ModelName}' has no tokenizer with a start token");
        using var noGrad = torch.no_grad();
        var (tokens, loss, entropy) = MeasureLoss(model, Stories(StorySplit.Training, stories, seed), cancellation);
        var behaviours = MeasureBehaviours(model, Stories(StorySplit.HeldOut, stories, seed), cancellation);
        return new StoriesScores(stories, seed, tokens, loss / tokens, entropy / tokens, behaviours);
    }

    private static IEnumerable<Story[]> Stories(StorySplit split, int count, ulong seed)
    {
        var grammar = new StoryGrammar(split: split);
        return Enumerable.Range(0, count)
            .Select(number => grammar.Write(StoryStream.Evaluation.Story(seed, (ulong)number)))
            .Chunk(BatchSize);
    }

    private static (long Tokens, double Loss, double Entropy) MeasureLoss(HookedTransformer model, IEnumerable<Story[]> batches,
        CancellationToken cancellation)
    {
        var (tokens, loss, entropy) = (0L, 0.0, 0.0);
        foreach (var batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            var rows = batch.Select(story => Row(model.Tokenizer!, model.Tokenizer!.Encode(story.Text))).ToArray();
            var input = Padded(rows).to(model.Device);
            var losses = HookedTransformer.LossPerToken(model.Forward(input), input).cpu(); // [batch, pos − 1]
            for (var i = 0; i < rows.Length; i++)
            {
                loss += losses[i].narrow(0, 0, rows[i].Length - 1).sum().ToDouble();
                entropy -= batch[i].LogProbability;
                tokens += rows[i].Length - 1;
            }
        }
        return (tokens, loss, entropy);
    }

    private static List<BehaviourScore> MeasureBehaviours(HookedTransformer model, IEnumerable<Story[]> batches,
        CancellationToken cancellation)
    {
        var found = Enum.GetValues<StoryBehaviour>().ToDictionary(behaviour => behaviour, _ => new List<(bool Right, double Probability)>());
        foreach (var batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            var spans = batch.Select(story => model.Tokenizer!.EncodeWithOffsets(story.Text)).ToArray();
            var rows = spans.Select(row => Row(model.Tokenizer!, [.. row.Select(span => span.Id)])).ToArray();
            var probabilities = model.Forward(Padded(rows).to(model.Device)).softmax(-1).cpu(); // [batch, pos, d_vocab]
            for (var i = 0; i < batch.Length; i++)
                foreach (var mark in batch[i].Marks)
                    found[mark.Behaviour].Add(Judge(model.Tokenizer!, probabilities[i], spans[i], mark));
        }
        return [.. found.Select(pair => new BehaviourScore(pair.Key, pair.Value.Count,
            pair.Value.Count == 0 ? 0 : pair.Value.Average(place => place.Right ? 1.0 : 0.0),
            pair.Value.Count == 0 ? 0 : pair.Value.Average(place => place.Probability)))];
    }

    /// <param name="tokenizer">Spells the answers.</param>
    /// <param name="probabilities">Of one story [pos, d_vocab].</param>
    /// <param name="spans">The tokens of its text; the start token is not among them, so token i is predicted at position i.</param>
    /// <param name="mark">The place.</param>
    private static (bool Right, double Probability) Judge(Tokenizer tokenizer, Tensor probabilities, TokenSpan[] spans, StoryMark mark)
    {
        using var scope = torch.NewDisposeScope();
        var position = Array.FindIndex(spans, span => span.Start == mark.Start);
        var predicted = probabilities[position].ToArray<float>();
        var right = mark.Answers.Select(answer => tokenizer.Encode(answer)[0]).Distinct().ToList();
        var best = Array.IndexOf(predicted, predicted.Max());
        return (right.Contains(best), right.Sum(id => (double)predicted[id]));
    }

    private static long[] Row(Tokenizer tokenizer, long[] text) => [tokenizer.BosId!.Value, .. text, tokenizer.BosId!.Value];

    /// <summary>Rows filled up on the right, where a causal model does not look.</summary>
    private static Tensor Padded(long[][] rows)
    {
        var length = rows.Max(row => row.Length);
        var ids = new long[rows.Length * length];
        for (var i = 0; i < rows.Length; i++) rows[i].CopyTo(ids, i * length);
        return torch.tensor(ids, [rows.Length, length]);
    }
}
