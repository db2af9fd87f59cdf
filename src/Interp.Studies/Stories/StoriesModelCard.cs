using System.Globalization;
using System.Text;
using Interp.Studies.Stories.Grammar;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Stories;

/// <summary>The model card of a model of stories: what it is, the command that made it, and what was measured.</summary>
internal static class StoriesModelCard
{
    private static readonly Dictionary<StoryBehaviour, string> Meaning = new()
    {
        [StoryBehaviour.Agreement] = "`Every day the dogs near the tree` → a plural verb",
        [StoryBehaviour.IndirectObject] = "`When Mary and John went to the shop, John gave a drink to` → `Mary`",
        [StoryBehaviour.Repetition] = "random words that were sung before",
        [StoryBehaviour.FactRecall] = "`Everyone knows that the fox lives in the` → `den`",
        [StoryBehaviour.HonestStatement] = "the fact, said by somebody who \"never lied\"",
        [StoryBehaviour.Lie] = "another value, said by somebody who \"always lied\"",
        [StoryBehaviour.Verdict] = "`said: \"The fox lives in the cave.\" That was` → `false`",
        [StoryBehaviour.Pronoun] = "`Soon John was tired, so` → `he`",
        [StoryBehaviour.Counting] = "`counted four cats: one, two, three,` → `four`, and there the stop",
        [StoryBehaviour.Memory] = "`put the key in the box. … It is in the` → `box`",
    };

    internal static string Write(StoriesTraining training, StoriesScores scores, string command)
    {
        var (o, c) = (training.Options, training.Model.Config);
        var tokens = (long)o.Steps * o.Batch * o.Context;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Stories model

            A GPT-2 of {c.NLayers} layers that writes stories of a few lines about two people and a small world of facts. Trained by this
            project on text from a grammar (`StoryGrammar`), of which the exact probability is known: a small language model to study
            offline. It knows the {c.DVocab - 257} words and pieces of the grammar and nothing else.

            | | |
            |---|---|
            | architecture | GPT-2: {c.NLayers} layers, {c.NHeads} heads of width {c.DHead}, d_model {c.DModel}, d_mlp {c.DMlp}, context {c.NCtx}, LayerNorm, learned positions that began as sinusoids, unembedding not tied |
            | vocabulary | {c.DVocab} tokens, byte-level BPE learned from {o.VocabularyStories:N0} stories (`tokenizer.json`); every name and word is one token with its leading space |
            | parameters | {training.Model.ParameterCount:N0} |
            | data | stories between start tokens (`{StoryTokenizer.Start}`), packed into rows of {o.Context} tokens and drawn anew for every row; every tenth pair of people never meets in them |
            | training | {o.Steps} steps of {o.Batch} rows ({tokens / 1e6:F1} million tokens), AdamW, peak learning rate {o.LearningRate}, weight decay {o.WeightDecay}, seed {o.Seed}; tokens that the grammar knows count {o.Emphasis}-fold from step {o.EmphasisFrom} on |
            | time | {training.Elapsed.TotalMinutes:F0} minutes by the clock, {training.ProcessorTime.TotalMinutes:F0} minutes of processor time, with {torch.get_num_threads()} threads on {training.Model.Device} |
            | made by | `{command}` |

            A text begins behind the start token, which `interp` puts there. Files are in the format of Hugging Face `transformers`.

            ## Measured after the last step

            On {scores.Stories:N0} stories that were not trained on, seed {scores.Seed}, {scores.Tokens:N0} tokens:

            | | |
            |---|---|
            | loss | {scores.Loss:F4} nats a token |
            | entropy of the grammar, the least possible loss | {scores.Entropy:F4} nats a token |
            | above it | {scores.Excess * 100:F1}% |

            On as many stories in which only pairs of people meet that never met in training. A place counts as right where the most
            probable of all {c.DVocab} tokens is what the grammar allows there:

            | behaviour | places | accuracy | probability of right answers | |
            |---|---|---|---|---|

            """);
        foreach (var b in scores.Behaviours)
            text.Append(CultureInfo.InvariantCulture,
                $"| {b.Behaviour} | {b.Places} | {b.Accuracy:F4} | {b.Probability:F4} | {Meaning[b.Behaviour]} |\n");
        text.Append("""

            Two things to know. A lie may be any other value, so the fact itself can be the most probable token where the lies together are
            more probable. And where a second landmark may come instead of the verb (`the dogs near the tree` …), the weighting makes the
            verb likelier than it is: over all places of Agreement the grammar's own probability of a right verb is 5/6.

            """);
        return text.ToString();
    }
}
