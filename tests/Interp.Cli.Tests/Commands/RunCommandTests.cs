using System.Text.Json;

namespace Interp.Cli.Tests.Commands;

public sealed class RunCommandTests(TinyModel model) : IClassFixture<TinyModel>
{
    private JsonElement Json(params string[] args)
    {
        var run = CliRun.Of(["run", model.Folder, "--json", .. args]);
        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        return JsonDocument.Parse(run.Output).RootElement;
    }

    [Fact]
    public void Json_has_the_input_the_next_tokens_and_the_continuation()
    {
        var json = Json("--ids", "0,1,2", "-n", "3");
        Assert.Equal(["input_ids", "prepended_ids", "next", "generated_ids", "generated"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal([0, 1, 2], json.GetProperty("input_ids").EnumerateArray().Select(e => e.GetInt64()));
        var next = json.GetProperty("next").EnumerateArray().ToArray();
        Assert.All(next, n => Assert.Equal(["id", "token", "p"], n.EnumerateObject().Select(p => p.Name)));
        Assert.Equal(1, next.Sum(n => n.GetProperty("p").GetDouble()), 1e-9); // six tokens: all of them
        Assert.Equal(next.OrderByDescending(n => n.GetProperty("p").GetDouble()), next);
        Assert.All(next, n => Assert.Equal(TinyModel.Vocabulary[n.GetProperty("id").GetInt64()], n.GetProperty("token").GetString()));
        Assert.Equal(3, json.GetProperty("generated_ids").GetArrayLength());
        // Greedy: the first token that is added is the most probable one.
        Assert.Equal(next[0].GetProperty("id").GetInt64(), json.GetProperty("generated_ids")[0].GetInt64());
    }

    [Fact]
    public void Without_a_continuation_its_fields_are_there_and_empty()
    {
        var json = Json("--ids", "0");
        Assert.Equal(0, json.GetProperty("generated_ids").GetArrayLength());
        Assert.Equal("", json.GetProperty("generated").GetString());
    }

    [Theory]
    [InlineData("--tokens", "red,dark grey,a\\,b", new long[] { 1, 4, 5 })]
    [InlineData("--tokens", "1,4,5", new long[] { 1, 4, 5 })]
    [InlineData("--text", "red, dark grey", new long[] { 1, 4 })]
    public void Tokens_by_name_by_id_and_text_are_read(string option, string value, long[] expected) =>
        Assert.Equal(expected, Json(option, value).GetProperty("input_ids").EnumerateArray().Select(e => e.GetInt64()));

    [Fact]
    public void What_stands_before_a_text_is_shown_with_the_reason_and_can_be_chosen()
    {
        Assert.StartsWith("input: red\nbos:   none: neither the tokenizer's files nor the model's configuration ask for one; "
            + "--bos puts '<s>' in front\n", CliRun.Of("run", model.Folder, "--text", "red").Output);
        Assert.StartsWith("input: <s> | red\nbos:   '<s>' in front, as --bos asks\n",
            CliRun.Of("run", model.Folder, "--text", "red", "--bos").Output);
        Assert.DoesNotContain("bos:", CliRun.Of("run", model.Folder, "--ids", "0,1").Output);
        var json = Json("--text", "red", "--bos");
        Assert.Equal("[0,1]", json.GetProperty("input_ids").GetRawText());
        Assert.Equal("[0]", json.GetProperty("prepended_ids").GetRawText());

        using var asking = new TinyModel();
        var config = File.ReadAllText(asking.PathOf("config.json"));
        File.WriteAllText(asking.PathOf("config.json"), config.Replace("\"n_layers\"", "\"default_prepend_bos\": true, \"n_layers\""));
        Assert.StartsWith("input: <s> | red\nbos:   '<s>' in front: the model's configuration asks for it; --no-bos leaves it out\n",
            CliRun.Of("run", asking.Folder, "--text", "red").Output);
        Assert.StartsWith("input: red\nbos:   none, as --no-bos asks\n", CliRun.Of("run", asking.Folder, "--text", "red", "--no-bos").Output);
        Assert.Contains("bos: '<s>' in front", CliRun.Of("attn", asking.Folder, "--text", "red").Error);
    }

    [Fact]
    public void The_same_seed_draws_the_same_tokens_and_another_seed_others()
    {
        string Draw(string seed) => Json("--ids", "0", "-n", "11", "--temperature", "2", "--seed", seed).GetProperty("generated_ids").GetRawText();
        Assert.Equal(Draw("1"), Draw("1"));
        Assert.NotEqual(Draw("1"), Draw("2"));
    }

    [Fact]
    public void A_position_shows_the_prediction_there()
    {
        var shorter = Json("--ids", "0,1").GetProperty("next").GetRawText();
        var longer = Json("--ids", "0,1,2", "--position", "1").GetProperty("next");
        Assert.Equal(JsonDocument.Parse(shorter).RootElement[0].GetProperty("id").GetInt64(), longer[0].GetProperty("id").GetInt64());
        Assert.Equal(JsonDocument.Parse(shorter).RootElement[0].GetProperty("p").GetDouble(), longer[0].GetProperty("p").GetDouble(), 1e-6);
    }

    [Fact]
    public void The_table_lists_as_many_tokens_as_asked_for()
    {
        var run = CliRun.Of("run", model.Folder, "--ids", "0,1", "--top", "2");
        Assert.StartsWith("input: <s> | red\n", run.Output);
        Assert.Equal(4, run.Output.TrimEnd().Split('\n').Length); // the input, the titles, two tokens
    }

    [Theory]
    [InlineData(ExitCode.Usage, "give the input with --text TEXT, --tokens A,B,C or --ids 5,3,9")]
    [InlineData(ExitCode.Usage, "--text and --ids exclude each other", "--text", "red", "--ids", "1")]
    [InlineData(ExitCode.Usage, "'x' is not a token id", "--ids", "1,x")]
    [InlineData(ExitCode.Usage, "--bos and --no-bos exclude each other", "--text", "red", "--bos", "--no-bos")]
    [InlineData(ExitCode.Usage, "--no-bos goes with --text only", "--ids", "1", "--no-bos")]
    [InlineData(ExitCode.Failure, "the text itself begins with '<s>'", "--text", "<s>, red", "--bos")]
    [InlineData(ExitCode.Failure, "id 6 at place 1 is not in the vocabulary; this model has ids 0 to 5", "--ids", "1,6")]
    [InlineData(ExitCode.Failure, "the input has 13 tokens; this model reads at most 12", "--ids", "0,0,0,0,0,0,0,0,0,0,0,0,0")]
    [InlineData(ExitCode.Failure, "has no token 'purple'", "--tokens", "red,purple")]
    [InlineData(ExitCode.Failure, "do not fit the model's context of 12", "--ids", "0,1", "-n", "20")]
    [InlineData(ExitCode.Failure, "--position 2: the input has positions 0 to 1", "--ids", "0,1", "--position", "2")]
    [InlineData(ExitCode.Usage, "--generate is -1; it must be at least 0", "--ids", "0", "-n", "-1")]
    [InlineData(ExitCode.Usage, "--device: 'gpu' is not a device; use cpu, cuda or cuda:N", "--ids", "0", "--device", "gpu")]
    public void A_mistake_is_one_line_that_says_what_to_do(int code, string expected, params string[] args)
    {
        var run = CliRun.Of(["run", model.Folder, .. args]);
        Assert.Equal((code, ""), (run.Code, run.Output));
        Assert.StartsWith("error: ", run.Error);
        Assert.Contains(expected, run.Error);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void A_path_that_does_not_exist_is_an_error_naming_it()
    {
        var run = CliRun.Of("run", "/no/such/model", "--ids", "1");
        Assert.Equal(ExitCode.Failure, run.Code);
        Assert.Contains("there is no file or folder '/no/such/model'", run.Error);
    }

    [Fact]
    public void A_text_for_a_model_without_a_tokenizer_is_an_error_that_asks_for_ids()
    {
        using var bare = new TinyModel();
        File.Delete(bare.PathOf("token_mappings.json"));
        var run = CliRun.Of("run", bare.Folder, "--text", "red");
        Assert.Equal(ExitCode.Failure, run.Code);
        Assert.Contains("there is no tokenizer", run.Error);
        Assert.Contains("give --ids", run.Error);
    }
}
