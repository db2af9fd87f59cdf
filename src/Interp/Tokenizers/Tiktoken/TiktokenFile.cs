using System.Buffers.Text;
using System.Text;
using Interp.Tokenizers.Bpe;
using Interp.Tokenizers.ByteLevel;
using Interp.Tokenizers.PreTokenizers;

namespace Interp.Tokenizers.Tiktoken;

/// <summary>
/// Reads the files of OpenAI's tiktoken: one token a line, its bytes in base64, a space, its rank. Llama 3's
/// <c>tokenizer.model</c> is one.
/// </summary>
/// <remarks>
/// <para>The rank is the id and the order of merging at once: of all neighbours whose union is a token, the union of
/// the lowest rank goes first. That is byte-level BPE with a merge for every way to cut a token in two.</para>
/// <para>The file says neither where words end nor which marks there are; a <see cref="TiktokenEncoding"/> does.
/// Without one it is recognized by the number of tokens, which differs among the published encodings; any other
/// number is an error.</para>
/// <code>
/// var llama3 = TiktokenFile.Load("Meta-Llama-3-8B/tokenizer.model");
/// var own = TiktokenFile.Load("own.tiktoken", TiktokenEncoding.Cl100k with { SpecialTokens = [] });
/// </code>
/// </remarks>
public static class TiktokenFile
{
    private const int LongestToken = 512;

    /// <summary>Reads the file.</summary>
    /// <param name="path">Lines of base64 and rank.</param>
    /// <param name="encoding">Words and marks; null: recognized by the number of tokens.</param>
    /// <exception cref="TokenizerFormatException">Damaged, or of an encoding that is not known.</exception>
    public static ByteLevelBpeTokenizer Load(string path, TiktokenEncoding? encoding = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var entries = ReadLines(path, File.ReadAllBytes(path));
        encoding ??= TiktokenEncoding.All.FirstOrDefault(known => known.Ranks == entries.Count)
            ?? throw new TokenizerFormatException($"{path}: has {entries.Count} tokens; the known encodings have "
                + string.Join(", ", TiktokenEncoding.All.Select(known => $"{known.Ranks} ({known.Name})"))
                + "; for another one call TiktokenFile.Load with its TiktokenEncoding");
        var vocabulary = Vocabulary.Build(path, entries);
        for (var value = 0; value < 256; value++)
            if (vocabulary.Find(ByteAlphabet.CharOf((byte)value).ToString()) is null)
                throw new TokenizerFormatException($"{path}: has no token for byte 0x{value:X2}");
        var parts = new ByteLevelParts
        {
            Source = path,
            Model = new BpeModel(vocabulary, FindMerges(vocabulary)) { IgnoreMerges = true },
            PreTokenizers = [encoding.Words(path), new ByteLevelStep(addPrefixSpace: false, useRegex: false)],
            AddedTokens = encoding.AddedTokens(entries.Count),
        };
        var whole = parts.WholeVocabulary();
        var roles = SpecialIdsReader.Beside(path, whole);
        roles = roles with
        {
            Bos = (encoding.Bos is { } bos ? whole.Find(bos) : null) ?? roles.Bos,
            Eos = roles.Eos ?? (encoding.Eos is { } eos ? whole.Find(eos) : null),
        };
        return new ByteLevelBpeTokenizer(parts with
        {
            SpecialIds = roles,
            PrefixIds = encoding.Bos is not null && roles.Bos is { } begin ? [begin] : [],
        });
    }

    private static List<KeyValuePair<string, int>> ReadLines(string path, ReadOnlySpan<byte> text)
    {
        var entries = new List<KeyValuePair<string, int>>();
        Span<byte> token = stackalloc byte[LongestToken];
        var spelled = new StringBuilder();
        for (var number = 1; !text.IsEmpty; number++)
        {
            var end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? [] : text[(end + 1)..];
            if (line is [.., (byte)'\r']) line = line[..^1];
            if (line.IsEmpty) continue;
            var space = line.IndexOf((byte)' ');
            if (space <= 0 || Base64.DecodeFromUtf8(line[..space], token, out _, out var count) != System.Buffers.OperationStatus.Done
                || count == 0 || !Utf8Parser.TryParse(line[(space + 1)..], out int rank, out var used)
                || used != line.Length - space - 1 || rank < 0 || rank == int.MaxValue)
                throw new TokenizerFormatException($"{path}: line {number} is not a token of at most {LongestToken} bytes "
                    + "in base64, a space and its rank (is this a tiktoken or SentencePiece file?)");
            spelled.Clear();
            foreach (var value in token[..count]) spelled.Append(ByteAlphabet.CharOf(value));
            entries.Add(new(spelled.ToString(), rank));
        }
        return entries;
    }

    private static BpeMerges FindMerges(Vocabulary vocabulary)
    {
        var merges = new BpeMerges(vocabulary.Size * 4);
        var byText = vocabulary.BySpan;
        foreach (var token in vocabulary.Tokens)
        {
            var id = vocabulary.Find(token)!.Value;
            for (var cut = 1; cut < token.Length; cut++)
                if (byText.TryGetValue(token.AsSpan(0, cut), out var left)
                    && byText.TryGetValue(token.AsSpan(cut), out var right))
                    merges.Set(left, right, new BpeMerges.Merge(id, id));
        }
        return merges;
    }
}
