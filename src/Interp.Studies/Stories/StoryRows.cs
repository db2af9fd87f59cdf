using Interp.Studies.Stories.Grammar;
using Interp.Tensors;
using Interp.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Stories;

/// <summary>
/// Rows of tokens for training: stories one behind the other, each behind the start token, the last cut off where the
/// row ends. A story may begin anywhere in a row, so that nothing can be learned from absolute positions.
/// </summary>
internal sealed class StoryRows(StoryGrammar grammar, Tokenizer tokenizer, ulong seed)
{
    private const ulong MostStoriesInARow = 64;

    /// <summary>
    /// Tokens of a step, and which of them the grammar marks as known beforehand, both [rows, length]; the same for the
    /// same step.
    /// </summary>
    internal (Tensor Tokens, Tensor Known) Draw(long step, int rows, int length)
    {
        var (ids, known) = (new long[rows * length], new bool[rows * length]);
        for (var row = 0; row < rows; row++)
            Fill(ids.AsSpan(row * length, length), known.AsSpan(row * length, length), (ulong)(step * rows + row) * MostStoriesInARow);
        return (torch.tensor(ids, [rows, length]), torch.tensor(known, [rows, length]));
    }

    private void Fill(Span<long> row, Span<bool> known, ulong number)
    {
        for (var filled = 0; filled < row.Length;)
        {
            row[filled++] = tokenizer.BosId!.Value;
            var story = grammar.Write(StoryStream.Training.Story(seed, number++));
            var marked = story.Marks.Select(mark => mark.Start).ToHashSet();
            foreach (var token in tokenizer.EncodeWithOffsets(story.Text))
            {
                if (filled == row.Length) return;
                known[filled] = marked.Contains(token.Start);
                row[filled++] = token.Id;
            }
        }
    }
}
