using Interp.Tokenizers.ByteLevel;
using Interp.Tokenizers.Json;
using Interp.Tokenizers.Pipeline;
using Interp.Tokenizers.Tiktoken;

namespace Interp.Tokenizers;

/// <summary>Finds and reads the tokenizer that lies beside a model, by its files' names.</summary>
/// <remarks>
/// In a folder the first of these counts: <c>tokenizer.json</c>; <c>vocab.json</c> with <c>merges.txt</c>;
/// <c>vocab.txt</c> (BERT); <c>tokenizer.model</c>, <c>spiece.model</c> or <c>sentencepiece.bpe.model</c> (SentencePiece,
/// or tiktoken's ranks as Llama 3 has them); the only <c>*.tiktoken</c>; <c>token_mappings.json</c> (a vocabulary
/// table); <c>tokenizer.bin</c> or the only <c>tok*.bin</c> (llama2.c).
/// <code>
/// var tokenizer = TokenizerLoader.Load("models/gpt2");
/// var maybe = TokenizerLoader.TryFind("models/grokking");     // null: nothing there, ids only
/// </code>
/// </remarks>
public static class TokenizerLoader
{
    private const string TokenizerJson = "tokenizer.json", VocabJson = "vocab.json", Merges = "merges.txt";
    private const string TokenMappings = "token_mappings.json";
    private const string VocabTxt = "vocab.txt";
    private const string LookedFor = "tokenizer.json, vocab.json with merges.txt, vocab.txt, tokenizer.model, "
        + "spiece.model, sentencepiece.bpe.model, *.tiktoken, token_mappings.json, tokenizer.bin, tok*.bin";

    private static readonly string[] Models = ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model"];

    /// <summary>Reads the tokenizer in a folder, or a tokenizer file of one of the kinds above.</summary>
    /// <exception cref="TokenizerFormatException">There is none, or it is damaged or not supported.</exception>
    public static Tokenizer Load(string folderOrFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(folderOrFile);
        if (File.Exists(folderOrFile)) return LoadFile(folderOrFile);
        if (!Directory.Exists(folderOrFile))
            throw new TokenizerFormatException($"load tokenizer: there is no file or folder '{folderOrFile}'");
        return FindIn(folderOrFile) ?? throw new TokenizerFormatException(
            $"load tokenizer: no tokenizer in folder '{folderOrFile}'; looked for {LookedFor}");
    }

    /// <summary>Reads the tokenizer beside a model, or gives null where there is none.</summary>
    /// <param name="folderOrModelFile">The model's folder, or a file in it.</param>
    /// <exception cref="TokenizerFormatException">There is one, but it is damaged or not supported.</exception>
    public static Tokenizer? TryFind(string folderOrModelFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(folderOrModelFile);
        var folder = Directory.Exists(folderOrModelFile)
            ? folderOrModelFile
            : Path.GetDirectoryName(Path.GetFullPath(folderOrModelFile));
        return Directory.Exists(folder) ? FindIn(folder) : null;
    }

    private static Tokenizer? FindIn(string folder)
    {
        if (In(folder, TokenizerJson) is { } json) return LoadTokenizerJson(json, JsonSetting.Load(json));
        if (In(folder, VocabJson) is { } vocab && In(folder, Merges) is { } merges)
            return ByteLevelBpeTokenizer.FromVocabAndMerges(vocab, merges);
        if (In(folder, VocabTxt) is { } lines) return PipelineTokenizer.FromVocabTxt(lines);
        if (Models.Select(name => In(folder, name)).FirstOrDefault(path => path is not null) is { } model)
            return LoadModel(model);
        if (Only(folder, "*.tiktoken") is { } ranks) return TiktokenFile.Load(ranks);
        if (In(folder, TokenMappings) is { } table) return VocabularyTableTokenizer.FromFile(table);
        if (In(folder, "tokenizer.bin") is { } llama) return Llama2cTokenizer.FromFile(llama);
        return Only(folder, "tok*.bin") is { } only ? Llama2cTokenizer.FromFile(only) : null;
    }

    private static string? Only(string folder, string pattern)
    {
        var named = Directory.GetFiles(folder, pattern);
        if (named.Length > 1)
            throw new TokenizerFormatException($"load tokenizer: {named.Length} files in '{folder}' could be the "
                + $"tokenizer; name one of {string.Join(", ", named.Select(Path.GetFileName).Order())}");
        return named.FirstOrDefault();
    }

    private static Tokenizer LoadFile(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".bin":
                return Llama2cTokenizer.FromFile(path);
            case ".model":
                return LoadModel(path);
            case ".tiktoken":
                return TiktokenFile.Load(path);
            case ".txt" when Path.GetFileName(path) == Merges && In(folder, VocabJson) is { } vocab:
                return ByteLevelBpeTokenizer.FromVocabAndMerges(vocab, path);
            case ".txt" when Path.GetFileName(path) != Merges:
                return PipelineTokenizer.FromVocabTxt(path);
            case ".json" when Path.GetFileName(path) == VocabJson && In(folder, Merges) is { } merges:
                return ByteLevelBpeTokenizer.FromVocabAndMerges(path, merges);
            case ".json":
                return LoadJson(path);
            default:
                throw new TokenizerFormatException(
                    $"load tokenizer: '{path}' is of no kind that is supported; those are {LookedFor}");
        }
    }

    private static Tokenizer LoadJson(string path)
    {
        var root = JsonSetting.Load(path);
        return root.Find("model") is { IsObject: true } && !VocabularyTableFile.IsTable(root)
            ? LoadTokenizerJson(path, root)
            : VocabularyTableTokenizer.FromFile(path);
    }

    private static Tokenizer LoadTokenizerJson(string path, JsonSetting root) => TokenizerJsonReader.IsByteLevel(root)
        ? new ByteLevelBpeTokenizer(TokenizerJsonReader.Read(path, root))
        : new PipelineTokenizer(PipelineReader.Read(path, root));

    // SentencePiece's protocol buffer begins with the tag of its first piece, a line end; tiktoken's ranks are text.
    private static Tokenizer LoadModel(string path)
    {
        using var file = File.OpenRead(path);
        return file.ReadByte() is '\n' or -1 ? PipelineTokenizer.FromSentencePiece(path) : TiktokenFile.Load(path);
    }

    private static string? In(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? path : null;
    }
}
