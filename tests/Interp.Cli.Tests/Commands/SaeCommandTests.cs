using System.Text.Json;

namespace Interp.Cli.Tests.Commands;

public sealed class SaeCommandTests : IDisposable
{
    private const string Hook = "blocks.0.hook_resid_post";

    private readonly TinyModel _model = new();
    private readonly string _text;
    private readonly string _run;

    public SaeCommandTests()
    {
        _text = _model.PathOf("words.txt");
        _run = _model.PathOf("run");
        string[] words = ["red", "green", "blue"];
        File.WriteAllText(_text, string.Join(' ', Enumerable.Range(0, 400).Select(i => words[i * i % 7 % 3])));
    }

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_dictionary_is_trained_saved_and_measured()
    {
        var run = Train("--k", "3", "--width", "4x", "--steps", "40", "--lr", "0.01");
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Contains("explained variance", run.Output);
        Assert.DoesNotContain("training: ", run.Output);
        Assert.Contains("\"d_sae\": 32", File.ReadAllText(Path.Combine(_run, "dictionary", "cfg.json")));
        Assert.Contains("\"step\":40", File.ReadAllText(Path.Combine(_run, "metrics.jsonl")));

        var eval = CliRun.Of("sae", "eval", Path.Combine(_run, "dictionary"), _model.Folder, "--text", _text, "--json");
        Assert.True(eval.Code == ExitCode.Ok, eval.Error);
        using var json = JsonDocument.Parse(eval.Output);
        double Number(string name) => json.RootElement.GetProperty(name).GetDouble();
        Assert.Equal(Hook, json.RootElement.GetProperty("hook").GetString());
        Assert.InRange(Number("l0"), 0.5, 3);
        Assert.InRange(Number("explained_variance"), 0.2, 1);
        Assert.Equal((Number("loss_zero") - Number("loss_spliced")) / (Number("loss_zero") - Number("loss_clean")),
            Number("loss_recovered"), 9);
        Assert.Equal(32, json.RootElement.GetProperty("features").GetInt32());
        Assert.Contains("loss recovered, from zeros",
            CliRun.Of("sae", "eval", Path.Combine(_run, "dictionary"), _model.Folder, "--text", _text).Output);
    }

    [Fact]
    public void A_dictionary_is_written_in_another_format_and_measures_the_same()
    {
        Assert.Equal(ExitCode.Ok, Train("--k", "3", "--width", "32", "--steps", "6").Code);
        var (own, other) = (Path.Combine(_run, "dictionary"), _model.PathOf("other"));
        var run = CliRun.Of("sae", "convert", own, "--to", "sparsify", "--out", other);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.True(File.Exists(Path.Combine(other, "sae.safetensors")));
        JsonElement Eval(string path)
        {
            var eval = CliRun.Of("sae", "eval", path, _model.Folder, "--text", _text, "--json", "--hook", Hook);
            Assert.True(eval.Code == ExitCode.Ok, eval.Error);
            return JsonDocument.Parse(eval.Output).RootElement;
        }

        var (first, second) = (Eval(own), Eval(other));
        Assert.Equal(("SAELens", "sparsify"), (first.GetProperty("format").GetString(),
            second.GetProperty("format").GetString()));
        foreach (var name in new[] { "explained_variance", "l0", "loss_spliced", "kl_recovered_from_mean",
            "relative_reconstruction_bias" })
            Assert.Equal(first.GetProperty(name).GetDouble(), second.GetProperty(name).GetDouble(), 3);
        var densities = first.GetProperty("densities");
        Assert.Equal(32, densities.GetProperty("counts").EnumerateArray().Sum(c => c.GetInt64())
            + first.GetProperty("dead").GetInt64());
        Assert.Equal(densities.GetProperty("counts").GetArrayLength() + 1,
            densities.GetProperty("log10_edges").GetArrayLength());
        Assert.Contains("holds a dictionary already",
            CliRun.Of("sae", "convert", own, "--out", other).Error);
        Assert.Contains("saelens or sparsify",
            CliRun.Of("sae", "convert", own, "--to", "onnx", "--out", _model.PathOf("third")).Error);
        Assert.Contains("given for a dictionary that has none", CliRun.Of("sae", "convert", own, "--scale", "2", "--out",
            _model.PathOf("third")).Error);
        Assert.Contains("dictionaries read hooks", CliRun.Of("sae", "eval", own, _model.Folder, "--text", _text,
            "--hook", "blocks.0.attn.hook_pattern").Error);
    }

    [Fact]
    public void Probes_ask_what_single_features_tell_of_the_shipped_models_tokens()
    {
        var text = _model.PathOf("stories.txt");
        string[] names = ["Mary", "Anna", "Emma", "Lucy", "Sara", "Kate", "John", "Tom", "James", "Peter", "Paul", "Mark"];
        string[] things = ["book", "ball", "cake", "key", "letter", "lamp", "shop", "park", "garden", "beach", "bridge"];
        File.WriteAllText(text, string.Join(' ', Enumerable.Range(0, 600).Select(i =>
            $"{names[i * 7 % 12]} found the {things[i * 5 % 11]}.")));
        var run = CliRun.Of("sae", "train", "--hook", Hook, "--text", text, "--k", "4", "--width", "64", "--steps", "20",
            "--batch", "128", "--out", _run);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        var eval = CliRun.Of("sae", "eval", Path.Combine(_run, "dictionary"), "--text", text, "--sequences", "32",
            "--probe", "--json");
        Assert.True(eval.Code == ExitCode.Ok, eval.Error);
        using var json = JsonDocument.Parse(eval.Output);
        var capital = json.RootElement.GetProperty("probes").EnumerateArray()
            .Single(probe => probe.GetProperty("task").GetString() == "capital");
        Assert.Equal([1, 2, 5], capital.GetProperty("ks").EnumerateArray().Select(k => k.GetProperty("k").GetInt32()));
        Assert.InRange(capital.GetProperty("probe").GetDouble(), 0.9, 1);
        Assert.All(capital.GetProperty("ks").EnumerateArray(), k =>
            Assert.InRange(k.GetProperty("accuracy").GetDouble(), 0.4, 1));
        Assert.NotEmpty(capital.GetProperty("main_features").EnumerateArray());
        var shown = CliRun.Of("sae", "eval", Path.Combine(_run, "dictionary"), "--text", text, "--sequences", "32",
            "--probe").Output;
        foreach (var word in new[] { "capital", "k=5", "absorbed", "relative reconstruction bias", "log10" })
            Assert.Contains(word, shown);
    }

    [Fact]
    public void A_run_resumes_with_the_model_and_text_it_was_started_with()
    {
        Assert.Equal(ExitCode.Ok, Train("--k", "3", "--width", "32", "--steps", "6").Code);
        var whole = File.ReadAllBytes(Path.Combine(_run, "dictionary", "sae_weights.safetensors"));
        Directory.Delete(Path.Combine(_run, "dictionary"), recursive: true);
        foreach (var checkpoint in Directory.GetFiles(Path.Combine(_run, "checkpoints"))) File.Delete(checkpoint);
        var again = CliRun.Of("sae", "train", "--out", _run, "--resume");
        Assert.True(again.Code == ExitCode.Ok, again.Error);
        Assert.Equal(whole, File.ReadAllBytes(Path.Combine(_run, "dictionary", "sae_weights.safetensors")));
        Assert.Contains("--k cannot change when resuming",
            CliRun.Of("sae", "train", "--out", _run, "--resume", "--k", "4").Error);
    }

    [Fact]
    public void Transcoders_need_a_target_and_nothing_else_takes_one()
    {
        Assert.Contains("needs the hook", Train("--kind", "transcoder").Error);
        Assert.Contains("rebuilds what it reads", Train("--target", "blocks.1.hook_attn_out").Error);
        var run = Train("--kind", "transcoder", "--target", "blocks.1.hook_attn_out", "--steps", "4");
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        var eval = CliRun.Of("sae", "eval", Path.Combine(_run, "dictionary"), _model.Folder, "--text", _text, "--json");
        Assert.True(eval.Code == ExitCode.Ok, eval.Error);
        Assert.Contains("\"target\": \"blocks.1.hook_attn_out\"", eval.Output.Replace("\":\"", "\": \""));
    }

    [Theory]
    [InlineData("--kind", "dense", "'dense' is not known")]
    [InlineData("--width", "0x", "'0x' is no number")]
    [InlineData("--k", "2000", "k 2000")]
    [InlineData("--sparsity", "2", "takes one of the two")]
    [InlineData("--context", "99", "at most 12")]
    public void A_mistake_is_one_line_that_names_the_option_and_leaves_no_run(string option, string value, string named)
    {
        var run = Train(option, value);
        Assert.NotEqual(ExitCode.Ok, run.Code);
        Assert.Contains(named, run.Error);
        Assert.DoesNotContain("unexpected", run.Error);
        Assert.False(Directory.Exists(_run));
    }

    [Fact]
    public void Activations_that_were_harvested_take_no_model_and_no_text()
    {
        Assert.Contains("--text does not go with --activations", Train("--activations", "somewhere").Error);
        Assert.Contains("holds no activations",
            CliRun.Of("sae", "train", "--activations", _model.Folder, "--out", _run).Error);
        Assert.Contains("slower on the cpu", Train("--bf16").Error);
        Assert.Contains("give a file of text", CliRun.Of("sae", "train", _model.Folder, "--out", _run).Error);
        Assert.False(Directory.Exists(_run));
    }

    [Fact]
    public void An_unknown_hook_names_the_nearest()
    {
        var run = CliRun.Of("sae", "train", _model.Folder, "--hook", "blocks.0.hook_resid_posd", "--text", _text,
            "--out", _run);
        Assert.Equal(ExitCode.Failure, run.Code);
        Assert.Contains(Hook, run.Error);
        Assert.DoesNotContain("unexpected", run.Error);
    }

    private CliRun Train(params string[] more) => CliRun.Of(
        ["sae", "train", _model.Folder, "--hook", Hook, "--text", _text, "--batch", "64", "--out", _run, .. more]);
}
