using System.Globalization;
using System.Text.RegularExpressions;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Weights;

/// <summary>Every real file of the shared folder, against the listing in its SOURCE.txt.</summary>
public partial class SharedWeightsTests
{
    [SharedTheory("weights")]
    [InlineData("arena-brackets", 60)]
    [InlineData("arena-monthly", 78)]
    [InlineData("capp-gpt2", 52)]
    [InlineData("list-comp", 36)]
    [InlineData("neel-grokking", 63)]
    [InlineData("othello-sae", 4)]
    public void Every_listed_tensor_and_value_has_the_type_shape_and_statistics_listed(string folder, int atLeast)
    {
        var root = SharedData.Path("weights/" + folder);
        WeightFile? file = null;
        var checkedLines = 0;
        foreach (var line in File.ReadLines(Path.Combine(root, "SOURCE.txt")))
        {
            if (SectionLine().Match(line) is { Success: true } section)
            {
                file?.Dispose();
                file = WeightFile.Open(Find(root, section.Groups[1].Value));
            }
            else if (file is not null && TensorLine().Match(line) is { Success: true } tensor)
            {
                CheckTensor(file, tensor);
                checkedLines++;
            }
            else if (file is not null && ValueLine().Match(line) is { Success: true } value)
            {
                CheckValue(file, value);
                checkedLines++;
            }
        }

        file?.Dispose();
        Assert.InRange(checkedLines, atLeast, int.MaxValue);
    }

    [SharedTheory("weights")]
    [InlineData("list-comp/models/3layer_100dig_64d.pt", 34)]
    public void A_file_without_a_listing_loads_whole(string path, int tensors)
    {
        using var file = WeightFile.Open(SharedData.Path("weights/" + path));
        var loaded = file.LoadAll();
        Assert.Equal(tensors, loaded.Count);
        Assert.All(loaded.Values, tensor => Assert.Equal(0, tensor.to(ScalarType.Float32).isnan().sum().ToInt64()));
        foreach (var tensor in loaded.Values) tensor.Dispose();
    }

    [SharedFact("weights/neel-grokking")]
    public void Loss_curves_and_nested_settings_come_out_as_plain_values()
    {
        using var file = (PyTorchFile)WeightFile.Open(
            SharedData.Path("weights/neel-grokking/wd_10-1_mod_addition_loss_curve.pth"));
        var root = Assert.IsType<PickledDictionary>(file.Root);
        Assert.Equal(107_791, Assert.IsType<PickledSequence>(root["train_losses"]).Count);
        Assert.Equal(113L, Assert.IsType<PickledDictionary>(root["config"])["p"]);
        Assert.Contains("model.embed.W_E", file.Names);
    }

    [SharedFact("weights/capp-gpt2")]
    public void A_file_of_the_reference_writer_written_again_is_the_same_byte_for_byte()
    {
        using var folder = new TemporaryFolder();
        var original = SharedData.Path("weights/capp-gpt2/model.safetensors");
        var copy = Path.Combine(folder.Root, "copy.safetensors");
        using (var file = WeightFile.Open(original))
        {
            var tensors = file.LoadAll();
            SafeTensorsWriter.Write(copy, tensors, file.Metadata);
            foreach (var tensor in tensors.Values) tensor.Dispose();
        }

        Assert.Equal(File.ReadAllBytes(original), File.ReadAllBytes(copy));
    }

    private static string Find(string root, string name)
    {
        var path = Path.Combine(root, name);
        return File.Exists(path)
            ? path
            : Directory.EnumerateFiles(root, Path.GetFileName(name), SearchOption.AllDirectories).Single();
    }

    private static void CheckTensor(WeightFile file, Match line)
    {
        var name = line.Groups["name"].Value;
        var info = file.Info(name);
        Assert.Equal(line.Groups["shape"].Value, string.Join(", ", info.Shape));
        Assert.Equal(Type(line.Groups["dtype"].Value), info.DType);

        using var scope = torch.NewDisposeScope();
        var values = file.Load(name).to(ScalarType.Float64).ToArray<double>();
        Assert.Equal(info.Shape.Aggregate(1L, (product, size) => product * size), values.Length);
        if (!line.Groups["mean"].Success) return;
        var mean = values.Average();
        AssertPrinted(line.Groups["mean"].Value, mean, name);
        // The listing gives the sample deviation, and 0 for a scalar.
        if (values.Length == 1) return;
        AssertPrinted(
            line.Groups["std"].Value, Math.Sqrt(values.Sum(x => (x - mean) * (x - mean)) / (values.Length - 1)), name);
    }

    private static void AssertPrinted(string printed, double actual, string name)
    {
        var wanted = printed.EndsWith("inf", StringComparison.Ordinal)
            ? (printed[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity)
            : double.Parse(printed, CultureInfo.InvariantCulture);
        Assert.True(
            wanted.Equals(actual) || Math.Abs(wanted - actual) <= 0.51e-4 * Math.Max(1, Math.Abs(wanted)),
            $"{name}: {printed} listed, {actual} read");
    }

    private static void CheckValue(WeightFile file, Match line)
    {
        var value = file.Values[line.Groups["name"].Value];
        var text = line.Groups["value"].Value;
        switch (line.Groups["type"].Value)
        {
            case "int": Assert.Equal(long.Parse(text, CultureInfo.InvariantCulture), value); break;
            case "float": Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), value); break;
            case "bool": Assert.Equal(bool.Parse(text), value); break;
            case "str": Assert.Equal(text, value); break;
            default:
                var list = Assert.IsType<PickledSequence>(value);
                Assert.Equal(int.Parse(line.Groups["count"].Value, CultureInfo.InvariantCulture), list.Count);
                Assert.Equal(double.Parse(line.Groups["first"].Value, CultureInfo.InvariantCulture), list[0]);
                Assert.Equal(double.Parse(line.Groups["last"].Value, CultureInfo.InvariantCulture), list[^1]);
                break;
        }
    }

    private static WeightDType Type(string name) =>
        WeightDTypes.FromTorch(name) ?? WeightDTypes.FromSafeTensors(name) ?? throw new ArgumentException(name);

    [GeneratedRegex(@"^\[(.+\.(?:pt|pth|safetensors))\]$")]
    private static partial Regex SectionLine();

    [GeneratedRegex(@"^  (?<name>\S+) (?<dtype>\S+) \((?<shape>[0-9, ]*?),?\)(?: mean=(?<mean>\S+) std=(?<std>\S+))?$")]
    private static partial Regex TensorLine();

    [GeneratedRegex(
        @"^  (?<name>\S+) (?:(?<type>int|float|bool|str) (?<value>.*)"
        + @"|list\[(?<count>\d+)\] first=(?<first>\S+) last=(?<last>\S+))$")]
    private static partial Regex ValueLine();
}
