using Interp.Tokenizers;
using Interp.Tokenizers.ByteLevel;

namespace Interp.Tests.Tokenizers;

public sealed class TokenizerLoaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folder_without_a_tokenizer_is_an_error_that_says_what_was_looked_for()
    {
        folder.Write("model.safetensors", "");
        var error = Assert.Throws<TokenizerFormatException>(() => TokenizerLoader.Load(folder.Path));
        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
        foreach (var name in new[] { "tokenizer.json", "merges.txt", "token_mappings.json", "tok*.bin" })
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Null(TokenizerLoader.TryFind(folder.Path));
        Assert.Null(TokenizerLoader.TryFind(Path.Combine(folder.Path, "model.safetensors")));
    }

    [Fact]
    public void A_path_that_is_not_there_is_an_error() =>
        Assert.Contains("no file or folder", Assert.Throws<TokenizerFormatException>(
            () => TokenizerLoader.Load(Path.Combine(folder.Path, "nope"))).Message, StringComparison.Ordinal);

    [Fact]
    public void What_lies_beside_a_model_decides_in_a_fixed_order()
    {
        var model = folder.Write("model.bin", "");
        folder.Write("tok512.bin", Llama2cTokenizerTests.FileOf([(0, "a")]));
        Assert.IsType<Llama2cTokenizer>(TokenizerLoader.TryFind(model));
        folder.Write("token_mappings.json", """{"token2id": {"a": 0}}""");
        Assert.IsType<VocabularyTableTokenizer>(TokenizerLoader.TryFind(model));
        folder.Write("tokenizer.json", TinyTokenizerJson.Build().ToJsonString());
        Assert.IsType<ByteLevelBpeTokenizer>(TokenizerLoader.TryFind(model));
        Assert.IsType<ByteLevelBpeTokenizer>(TokenizerLoader.Load(folder.Path));
    }

    [Fact]
    public void A_damaged_tokenizer_beside_a_model_is_an_error_not_an_absence()
    {
        folder.Write("tokenizer.json", "{");
        Assert.Throws<TokenizerFormatException>(() => TokenizerLoader.TryFind(folder.Path));
    }

    [Fact]
    public void Two_candidates_are_an_error_that_names_both()
    {
        folder.Write("tok512.bin", "");
        folder.Write("tok4096.bin", "");
        var error = Assert.Throws<TokenizerFormatException>(() => TokenizerLoader.Load(folder.Path));
        Assert.Contains("tok4096.bin, tok512.bin", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_kind_is_an_error()
    {
        var path = folder.Write("tokenizer.vocab", "x");
        Assert.Contains("of no kind that is supported",
            Assert.Throws<TokenizerFormatException>(() => TokenizerLoader.Load(path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_type_that_is_not_supported_is_an_error_that_names_the_setting() =>
        Assert.Contains("model.type is \"WordLevel\"; supported: \"BPE\", \"WordPiece\", \"Unigram\"",
            Assert.Throws<TokenizerFormatException>(() => TokenizerLoader.Load(
                folder.Write("tokenizer.json", """{"model": {"type": "WordLevel", "vocab": {"a": 0}}}"""))).Message,
            StringComparison.Ordinal);
}
