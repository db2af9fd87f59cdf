using System.Diagnostics;
using Interp.Sae.Formats;
using Interp.Sae.Tests.Dictionaries;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Formats;

/// <summary>Bytes changed anywhere in the files of every format: they load, or one clean error says why not.</summary>
public class SpoiledDictionaryTests(ITestOutputHelper output)
{
    private const int Cases = 150;

    private static readonly string[] Numbers =
        ["0", "-1", "1", "16", "99999999999", "1e308", "null", "\"6\"", "2147483647", "[]", "{}", "true", "\"\\ud800\""];

    [Theory]
    [InlineData("SAELens")]
    [InlineData("sparsify")]
    [InlineData("dictionary_learning")]
    [InlineData("OpenAI")]
    [InlineData("Gemma Scope")]
    [InlineData("circuit-tracer")]
    public void Spoiled_files_load_or_give_one_error_that_names_the_file(string format)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var path = Write(format, folder);
        using (var good = DictionaryFile.Load(path)) Assert.Equal(format, good.Format);
        var files = Directory.GetFiles(folder.Path).Order().ToDictionary(file => file, File.ReadAllBytes);
        var random = new Random(7);
        var (loaded, reasons) = (0, new HashSet<string>());
        for (var i = 0; i < Cases; i++)
        {
            var victim = files.Keys.ElementAt(random.Next(files.Count));
            File.WriteAllBytes(victim, Spoil(files[victim], random, victim.EndsWith("json")));
            var watch = Stopwatch.StartNew();
            var fault = Record.Exception(() => DictionaryFile.Load(path).Dispose());
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"case {i} took {watch.Elapsed}");
            if (fault is null) loaded++;
            else
            {
                var error = fault as WeightsFormatException;
                Assert.True(error is not null, $"case {i}: {fault}");
                Assert.Contains(folder.Path, error.Message);
                Assert.DoesNotContain('\n', error.Message);
                reasons.Add(string.Concat(error.Reason.Where(c => !char.IsDigit(c))));
            }

            File.WriteAllBytes(victim, files[victim]);
        }

        output.WriteLine($"{format}: {loaded} of {Cases} loaded, {reasons.Count} different errors");
        Assert.InRange(loaded, 1, Cases - 30);
        Assert.InRange(reasons.Count, 8, int.MaxValue);
    }

    private static string Write(string format, TemporaryFolder folder)
    {
        using var standard = Kinds.Create("standard");
        using var topK = Kinds.Create("topk without norms");
        using var jump = Kinds.Create("jumprelu");
        (string, Tensor)[] linear = [("encoder.weight", topK["W_enc"].t()), ("encoder.bias", topK["b_enc"]),
            ("decoder.weight", topK["W_dec"].t()), ("b_dec", topK["b_dec"]), ("k", torch.tensor(4L)),
            ("threshold", torch.tensor(0.1f))];
        switch (format)
        {
            case "SAELens":
                SaeLensFormat.Save(standard, folder.Path, "blocks.0.hook_resid_pre");
                return folder.Path;
            case "sparsify":
                SparsifyFormat.Save(topK, folder.Path);
                return folder.Path;
            case "dictionary_learning":
                TorchState.Write(folder["ae.pt"], linear);
                File.WriteAllText(folder["config.json"], """{"trainer": {"dict_class": "BatchTopKSAE"}}""");
                return folder.Path;
            case "OpenAI":
                TorchState.Write(folder["x.pt"], [("pre_bias", topK["b_dec"]), ("latent_bias", topK["b_enc"]),
                    linear[0], linear[2]], p => p.Text("activation").Text("TopK").Text("activation_state_dict")
                    .Op("}(").Text("k").Number(4).Text("postact_fn").Text("ReLU").Op("u"));
                return folder["x.pt"];
            case "Gemma Scope":
                TorchState.WriteNpz(folder["params.npz"],
                    jump.Weights.Select(pair => (pair.Name.Replace("W_", "w_"), pair.Tensor)));
                return folder.Path;
            default:
                SafeTensorsWriter.Write(folder["layer_0.safetensors"], new Dictionary<string, Tensor>
                {
                    ["W_enc"] = jump["W_enc"].t(),
                    ["W_dec"] = jump["W_dec"],
                    ["b_enc"] = jump["b_enc"],
                    ["b_dec"] = jump["b_dec"],
                });
                File.WriteAllText(folder["config.yaml"], "model_name: \"a\"\nfeature_input_hook: 'hook_resid_mid'\n");
                return folder["layer_0.safetensors"];
        }
    }

    private static byte[] Spoil(byte[] file, Random random, bool isJson)
    {
        var kind = random.Next(isJson ? 6 : 5);
        byte[] spoiled = [.. file];
        var from = random.Next(2) == 0 ? 0 : Math.Max(0, file.Length - 500);
        switch (kind)
        {
            case 0: return file[..random.Next(file.Length)];
            case 1: return [.. file, .. new byte[random.Next(1, 60)]];
            case 2:
                var at = random.Next(from, file.Length);
                BitConverter.GetBytes((long)random.Next(-2, 3) << random.Next(60)).AsSpan(0,
                    Math.Min(8, file.Length - at)).CopyTo(spoiled.AsSpan(at));
                return spoiled;
            case 5:
                var text = System.Text.Encoding.UTF8.GetString(file);
                var colons = Enumerable.Range(0, text.Length).Where(i => text[i] == ':').ToArray();
                var colon = colons[random.Next(colons.Length)];
                var end = text.IndexOfAny([',', '\n', '}'], colon);
                return System.Text.Encoding.UTF8.GetBytes(
                    text[..(colon + 1)] + Numbers[random.Next(Numbers.Length)] + text[end..]);
            default:
                for (var i = random.Next(1, 6); i > 0; i--)
                    spoiled[random.Next(from, Math.Min(file.Length, from + 500))] ^= (byte)(1 << random.Next(8));
                return spoiled;
        }
    }
}
