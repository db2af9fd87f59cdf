using Interp.Hooks;
using Interp.Sae.Activations;
using Interp.Sae.Tests.Dictionaries;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Activations;

public class ActivationTests
{
    [Fact]
    public void Rows_are_what_the_model_has_at_the_hook_without_the_skipped_positions()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        var sequences = new TokenSequences([.. Enumerable.Range(0, 18).Select(i => (long)i % 7 + 1)], 10, [0]);
        var source = new ModelActivations(model, sequences, [Sources.Heads, Sources.Written],
            new ModelActivationsOptions { Sequences = 2, SkipPositions = 1 });
        Assert.Equal([24, 24], source.Widths);
        var rows = source.Read(0);
        var cache = model.CacheOnly(sequences.Rows([0, 1]), [Sources.Heads, Sources.Written]);
        var heads = cache[Sources.Heads].flatten(2, 3)[.., 1..].flatten(0, 1); // [2 · 9, heads · d_head]
        Assert.Equal([18, 24], rows[0].shape);
        // The order of sequences is drawn: either this one or the other way round.
        var turned = torch.cat([heads[9..], heads[..9]]);
        Assert.True(rows[0].allclose(heads, 1e-5, 1e-6) || rows[0].allclose(turned, 1e-5, 1e-6));
    }

    [Fact]
    public void Every_sequence_is_read_once_a_pass_in_an_order_that_differs()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        var source = Sources.Of(model, "hook_embed");
        Tensor Pass(int pass) =>
            torch.cat([.. Enumerable.Range(pass * 11, 11).Select(p => source.Read(p)[0])]); // 44 sequences
        var (first, second) = (Pass(0), Pass(1));
        Assert.Equal([44 * 9, 24], first.shape);
        Kinds.Close(first.sort(0).Values, second.sort(0).Values, 0);
        Assert.False(first.Equals(second));
        Kinds.Close(first, Pass(0), 0);
    }

    [Fact]
    public void A_hook_that_is_not_there_or_has_no_rows_is_an_error()
    {
        using var model = Sources.Model();
        Assert.Contains("hook_embed", Assert.Throws<HookException>(() => Sources.Of(model, "hook_embedd")).Message);
        Assert.Contains("[batch, pos", Assert.Throws<HookException>(() =>
            Sources.Of(model, "blocks.0.attn.hook_pattern")).Message);
    }

    [Fact]
    public void Too_short_a_text_is_an_error_that_says_how_much_it_takes()
    {
        Assert.Contains("takes 9", Assert.Throws<ArgumentException>(() =>
            new TokenSequences([1, 2, 3], 10, [0])).Message);
        Assert.Contains("no room", Assert.Throws<ArgumentException>(() =>
            new TokenSequences([1, 2, 3], 1, [0])).Message);
    }

    [Fact]
    public void The_buffer_serves_every_row_once_and_keeps_hooks_together()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(1);
        var source = new Sources.Counting(7, 2, 3);
        using var buffer = new ShuffleBuffer(source, 40, 8, generator);
        List<float> served = [];
        for (var i = 0; i < 30; i++)
        {
            var batch = buffer.Next();
            Assert.Equal([8, 2], batch[0].shape);
            Kinds.Close(batch[0][.., 0], batch[1][.., 2], 0);
            served.AddRange(batch[0][.., 0].ToArray<float>());
        }

        Assert.Equal(served.Count, served.Distinct().Count());
        Assert.True(served.Max() < 240 + 40 + 7, "no row is left behind for long");
        Assert.NotEqual(served.Order(), served);
        Assert.Equal(40 * (2 + 3) * 4 + 40 * 8, buffer.Bytes);
        Assert.True(served.Take(8).Max() > 12, "the first batch is mixed from the whole pool");
    }

    [Fact]
    public void A_buffer_below_two_batches_is_an_error_that_names_the_least()
    {
        using var generator = new Generator(1);
        Assert.Contains("16 rows", Assert.Throws<ArgumentException>(() =>
            new ShuffleBuffer(new Sources.Counting(4, 2), 15, 8, generator)).Message);
    }

    [Fact]
    public void A_harvest_is_the_same_rows_on_disk_and_goes_on_where_it_stopped()
    {
        using var folder = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        var source = Sources.Of(model, "hook_embed", Sources.Heads);
        ActivationHarvest.Write(folder["whole"], source, 3, 2);
        ActivationHarvest.Write(folder["parts"], source, 1, 2);
        File.WriteAllText(folder["parts/.activations-00001.safetensors.x.tmp"],
            "half a shard of a run that was killed");
        File.WriteAllText(folder["parts/activations-00001.safetensors"], "a shard that the index does not know");
        ActivationHarvest.Write(folder["parts"], source, 3, 2);
        Assert.Equal(Directory.GetFiles(folder["whole"]).Select(Path.GetFileName).Order(),
            Directory.GetFiles(folder["parts"]).Select(Path.GetFileName).Order());
        foreach (var file in Directory.GetFiles(folder["whole"]))
            Assert.Equal(File.ReadAllBytes(file),
                File.ReadAllBytes(Path.Combine(folder["parts"], Path.GetFileName(file))));

        var stored = new StoredActivations(folder["whole"]);
        Assert.Equal(3 * 2 * 36, stored.Rows);
        for (var hook = 0; hook < 2; hook++)
        {
            Kinds.Close(torch.cat([source.Read(2)[hook], source.Read(3)[hook]]), stored.Read(1)[hook], 0);
            Kinds.Close(stored.Read(1)[hook], stored.Read(4)[hook], 0);
        }
    }

    [Fact]
    public void A_folder_of_another_harvest_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        ActivationHarvest.Write(folder.Path, new Sources.Counting(4, 2), 1, 1);
        var other = new Sources.Counting(4, 2)
        {
            Description = new Dictionary<string,
            string>
            { ["kind"] = "another" }
        };
        Assert.Contains("kind is 'counting' there", Assert.Throws<InvalidDataException>(() =>
            ActivationHarvest.Write(folder.Path, other, 2, 1)).Message);
    }

    [Theory]
    [InlineData("{", "index")]
    [InlineData("{}", "missing")]
    [InlineData("""{"hooks":["a"],"widths":[2],"description":{},"shards":[{"file":"../up.safetensors","rows":4}]}""",
        "../up")]
    [InlineData("""{"hooks":["a"],"widths":[2],"description":{},"shards":[{"file":"x","rows":-4}]}""", "-4 rows")]
    [InlineData("""{"hooks":["a"],"widths":[2],"description":{},"shards":[],"more":1}""", "more")]
    [InlineData("""{"hooks":["a"],"widths":[2],"description":{},"shards":[]}""", "no shards")]
    public void A_bad_index_is_one_error_that_names_it(string json, string named)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["index.json"], json);
        var message = Assert.Throws<InvalidDataException>(() => new StoredActivations(folder.Path)).Message;
        Assert.Contains("index.json", message);
        Assert.Contains(named, message);
    }

    [Fact]
    public void A_shard_of_another_shape_is_an_error_that_names_both()
    {
        using var folder = new TemporaryFolder();
        ActivationHarvest.Write(folder.Path, new Sources.Counting(4, 2), 1, 1);
        File.WriteAllText(folder["index.json"],
            File.ReadAllText(folder["index.json"]).Replace("\"widths\":[2]", "\"widths\":[3]"));
        var message = Assert.Throws<WeightsFormatException>(() => new StoredActivations(folder.Path).Read(0)).Message;
        Assert.Contains("[4, 2]", message);
        Assert.Contains("[4, 3]", message);
    }
}
