using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Tests.Commands;

public sealed class CacheCommandTests(TinyModel model) : IClassFixture<TinyModel>
{
    private Dictionary<string, float[]> Cache(params string[] args)
    {
        var file = model.PathOf($"{Guid.NewGuid():N}.safetensors");
        var run = CliRun.Of(["cache", model.Folder, "--out", file, .. args]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        using var written = WeightFile.Open(file);
        var tensors = new Dictionary<string, float[]>();
        foreach (var name in written.Names)
        {
            using var tensor = written.Load(name);
            tensors.Add(name, tensor.ToArray<float>());
        }

        return tensors;
    }

    [Fact]
    public void Patterns_and_logits_are_written_under_their_names()
    {
        var tensors = Cache("--ids", "5,3,1", "--names", "blocks.*.hook_resid_post", "--names", "logits");
        Assert.Equal(["blocks.0.hook_resid_post", "blocks.1.hook_resid_post", "logits"], tensors.Keys.Order());
        Assert.Equal(3 * TinyModel.DModel, tensors["blocks.0.hook_resid_post"].Length);
        Assert.Equal(3 * TinyModel.Vocabulary.Length, tensors["logits"].Length);
    }

    [Fact]
    public void Logits_by_their_hook_name_keep_that_name()
    {
        Assert.Equal(["unembed.hook_out"], Cache("--ids", "1", "--names", "unembed.hook_out").Keys);
        Assert.Equal(["logits", "unembed.hook_out"], Cache("--ids", "1", "--names", "logits", "unembed.*out").Keys.Order());
    }

    [Fact]
    public void A_batch_holds_what_each_sequence_gives_alone()
    {
        var batch = Cache("--ids", "1,2,3", "--ids", "4,5,0", "--names", "logits")["logits"];
        var first = Cache("--ids", "1,2,3", "--names", "logits")["logits"];
        var second = Cache("--ids", "4,5,0", "--names", "logits")["logits"];
        Assert.Equal([.. first, .. second], batch, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Ids_and_mask_from_files_give_what_the_unpadded_sequence_gives()
    {
        var file = model.PathOf("in.safetensors");
        using (var scope = torch.NewDisposeScope())
        {
            SafeTensorsWriter.Write(file, new Dictionary<string, Tensor>
            {
                ["input_ids"] = torch.tensor(new long[] { 0, 0, 1, 2 }, [1, 4]),
                ["attention_mask"] = torch.tensor(new long[] { 0, 0, 1, 1 }, [1, 4]),
            });
        }

        var padded = Cache("--ids-file", file, "--mask-file", file, "--names", "logits")["logits"];
        var alone = Cache("--ids", "1,2", "--names", "logits")["logits"];
        Assert.Equal(alone, padded[(2 * TinyModel.Vocabulary.Length)..], (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [InlineData("nearest: 'blocks.0.hook_resid_post'", "--ids", "1", "--names", "blocks.0.hook_resid_pots")]
    [InlineData("give the input with --ids 5,3,9 or --ids-file FILE", "--names", "logits")]
    [InlineData("row 2 has 1 ids and row 1 has 2", "--ids", "1,2", "--ids", "3", "--names", "logits")]
    [InlineData("--names", "--ids", "1")]
    public void A_mistake_names_what_is_wrong_and_writes_no_file(string expected, params string[] args)
    {
        var file = model.PathOf("never.safetensors");
        var run = CliRun.Of(["cache", model.Folder, "--out", file, .. args]);
        Assert.NotEqual(ExitCode.Ok, run.Code);
        Assert.Contains(expected, run.Error);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public void A_file_without_ids_is_an_error_that_lists_what_it_has()
    {
        var run = CliRun.Of("cache", model.Folder, "--ids-file", model.PathOf("model.safetensors"), "--names", "logits",
            "--out", model.PathOf("never.safetensors"));
        Assert.Equal(ExitCode.Failure, run.Code);
        Assert.Contains("has no tensor 'input_ids'; it has ", run.Error);
    }
}
