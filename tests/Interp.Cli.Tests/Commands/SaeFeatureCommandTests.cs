using System.Text.Json;
using Interp.Models;
using Interp.Sae.Dictionaries;
using Interp.Sae.Formats;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Tests.Commands;

public sealed class SaeFeatureCommandTests : IDisposable
{
    private const string Hook = "blocks.0.hook_resid_post";
    private const int Features = 24;

    private readonly TinyModel _model = new();
    private readonly string _text;
    private readonly string _dictionary;
    private readonly string _page;

    public SaeFeatureCommandTests()
    {
        (_text, _page) = (_model.PathOf("words.txt"), _model.PathOf("features.html"));
        // As a run of 'sae train' lies there: the dictionary in a folder of its own.
        _dictionary = _model.PathOf("run");
        string[] words = ["red", "green", "blue"];
        File.WriteAllText(_text, string.Join(' ', Enumerable.Range(0, 300).Select(i => words[i * i % 7 % 3])));
        using var dictionary = Dictionary();
        SaeLensFormat.Save(dictionary, Path.Combine(_dictionary, "dictionary"), Hook, null,
            new Dictionary<string, string> { ["model_name"] = _model.Folder });
    }

    public void Dispose() => _model.Dispose();

    private static SparseCoder Dictionary()
    {
        using var generator = new Generator(4);
        using var scope = torch.NewDisposeScope();
        return new StandardOptions { DIn = TinyModel.DModel, DSae = Features }.Create(generator);
    }

    [Fact]
    public void A_dashboard_is_a_page_and_numbers_that_are_those_of_the_dictionary()
    {
        var run = CliRun.Of("sae", "dashboard", _dictionary, "--text", _text, "--out", _page, "--json");
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(Hook, json.RootElement.GetProperty("hook").GetString());
        var features = json.RootElement.GetProperty("features").EnumerateArray().ToArray();
        Assert.Equal(Features, features.Length);

        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.Load(_model.Folder);
        using var dictionary = Dictionary();
        var sequences = Interp.Sae.Activations.TokenSequences.FromText(model.Text, File.ReadAllText(_text), 12);
        var tokens = sequences.Rows([.. Enumerable.Range(0, sequences.Count).Select(i => (long)i)]);
        using var cache = model.CacheOnly(tokens, [Hook]);
        var own = dictionary.Encode(cache[Hook])[.., sequences.FrontCount..].flatten(0, 1);
        Assert.Equal(own.size(0), json.RootElement.GetProperty("tokens").GetInt64());
        for (var f = 0; f < Features; f++)
        {
            var values = own.select(1, f).ToArray<float>();
            Assert.Equal(values.Max(), features[f].GetProperty("maximum").GetDouble(), 1e-4);
            Assert.Equal(values.Count(v => v > 0) / (double)values.Length, features[f].GetProperty("density").GetDouble(), 1e-9);
            Assert.Equal(TinyModel.Vocabulary.Length, features[f].GetProperty("raises").GetArrayLength());
        }

        var html = File.ReadAllText(_page);
        Assert.Contains("features-1-part-0", html);
        Assert.Contains("interp sae dashboard", html);
        Assert.Contains("wrote", run.Error);
    }

    [Fact]
    public void Neurons_and_chosen_features_are_shown_the_same_way()
    {
        var neurons = CliRun.Of("sae", "dashboard", _model.Folder, "--neurons", "blocks.1.attn.hook_z", "--text", _text,
            "--out", _page);
        Assert.True(neurons.Code == ExitCode.Ok, neurons.Error);
        Assert.Contains("8 neurons of blocks.1.attn.hook_z", neurons.Output);
        Assert.Contains("\"kind\":\"neuron\"", File.ReadAllText(_page));
        var some = CliRun.Of("sae", "dashboard", _dictionary, _model.Folder, "--text", _text, "--out", _page, "--features",
            "3,5-7", "--json");
        Assert.True(some.Code == ExitCode.Ok, some.Error);
        using var json = JsonDocument.Parse(some.Output);
        Assert.Equal([3, 5, 6, 7], json.RootElement.GetProperty("features").EnumerateArray()
            .Select(feature => feature.GetProperty("index").GetInt32()));
    }

    [Theory]
    [InlineData("no feature 24", "--features", "24")]
    [InlineData("'x' is no feature", "--features", "1,x")]
    [InlineData("--neurons takes a model and no dictionary", "--neurons", Hook)]
    [InlineData("no hook 'blocks.0.hook_resid_posd'; nearest: 'blocks.0.hook_resid_post'", "--hook", "blocks.0.hook_resid_posd")]
    [InlineData("there is no file", "--text", "nowhere.txt")]
    [InlineData("[batch, pos, …]", "--hook", "blocks.0.attn.hook_pattern")]
    public void A_mistake_is_one_line_and_no_page(string named, string option, string value)
    {
        string[] text = option == "--text" ? [] : ["--text", _text];
        var run = CliRun.Of(["sae", "dashboard", _dictionary, _model.Folder, .. text, "--out", _page, option, value]);
        Assert.NotEqual(ExitCode.Ok, run.Code);
        Assert.Contains(named, run.Error);
        Assert.DoesNotContain("unexpected", run.Error);
        Assert.False(File.Exists(_page));
    }

    [Theory]
    [InlineData("--strength", 5)]
    [InlineData("--set", 3)]
    [InlineData("--scale", -2)]
    [InlineData("--ablate", 0)]
    public void Steering_shows_what_the_model_says_before_and_after(string option, double amount)
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.Load(_model.Folder);
        using var dictionary = Dictionary();
        long[] ids = [0, 1, 2, 3, 1];
        var tokens = torch.tensor(ids, [1, 5]);
        using var cache = model.CacheOnly(tokens, [Hook]);
        var features = dictionary.Encode(cache[Hook]);
        var feature = (int)features[0, 4].argmax().ToInt64();

        string[] value = option == "--ablate" ? [option] : [option, $"{amount}"];
        var run = CliRun.Of(["sae", "steer", _dictionary, "--feature", $"{feature}", "--ids", "0,1,2,3,1", "-n", "3", "--top", "6",
            "--json", .. value]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        var byHand = model.RunWithHooks(tokens, (Hook, (x, _) =>
        {
            var f = dictionary.Encode(x).select(-1, feature);
            var after = option == "--strength" ? f + amount : option == "--scale" ? f * amount : torch.full_like(f, amount);
            return x + (after - f).unsqueeze(-1) * dictionary["W_dec"][feature];
        }
        ))[0, ^1].softmax(-1);
        Check(byHand, json.RootElement.GetProperty("after"));
        Check(model.Forward(tokens)[0, ^1].softmax(-1), json.RootElement.GetProperty("before"));
        var activations = json.RootElement.GetProperty("activations").EnumerateArray().Select(a => a.GetSingle()).ToArray();
        foreach (var (expected, actual) in features[0].select(-1, feature).ToArray<float>().Zip(activations))
            Assert.Equal(expected, actual, 1e-4f);
        Assert.True(json.RootElement.GetProperty("kl").GetDouble() > 0);

        static void Check(Tensor probabilities, JsonElement shown)
        {
            foreach (var token in shown.EnumerateArray())
                Assert.Equal(probabilities[token.GetProperty("id").GetInt64()].ToSingle(),
                    token.GetProperty("p").GetDouble(), 1e-4);
        }
    }

    [Fact]
    public void Steering_on_a_terminal_shows_both_texts_and_mistakes_are_one_line()
    {
        CliRun Steer(params string[] more) => CliRun.Of(["sae", "steer", _dictionary, _model.Folder, .. more]);
        var run = Steer("--feature", "2", "--strength", "4", "--prompt", "red green", "-n", "3");
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Contains("feature 2 at blocks.0.hook_resid_post", run.Output);
        Assert.Contains("before: ", run.Output);
        Assert.Contains("after:  ", run.Output);
        Assert.Contains("no feature 99", Steer("--feature", "99", "--ablate", "--prompt", "red").Error);
        Assert.Contains("exclude each other", Steer("--feature", "1", "--ablate", "--set", "3", "--prompt", "red").Error);
        Assert.Contains("--strength X", Steer("--feature", "1", "--prompt", "red").Error);
        Assert.Contains("--prompt TEXT", Steer("--feature", "1", "--ablate").Error);
    }
}
