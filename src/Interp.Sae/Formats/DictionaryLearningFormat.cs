using Interp.Sae.Dictionaries;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Formats;

/// <summary>The files of dictionary_learning: <c>ae.pt</c>, a PyTorch state dict, with <c>config.json</c> beside
/// it.</summary>
/// <remarks>
/// Kinds: AutoEncoder, AutoEncoderNew, GatedAutoEncoder, JumpReluAutoEncoder, AutoEncoderTopK, BatchTopKSAE,
/// MatryoshkaBatchTopKSAE. AutoEncoderNew and JumpReluAutoEncoder read x, the others x less the decoder's bias.
/// Read in <c>dictionary_learning/dictionary.py</c> and <c>trainers/*.py</c> of
/// https://github.com/saprmarks/dictionary_learning; its own loader also makes the decoder of an AutoEncoder unit-norm,
/// which <see cref="SparseCoder.FoldDecoderNorms"/> does.
/// AutoEncoderTopK and BatchTopKSAE have the same tensors, and only <c>config.json</c> tells them apart
/// (<c>trainer.dict_class</c>). A file may wrap its state dict as <c>state_dict</c>; a mean <c>act_mean</c> beside it,
/// which is subtracted before and added after, is taken into b_dec. The format is read, not written: it is a pickle.
/// </remarks>
public static class DictionaryLearningFormat
{
    internal const string WeightsName = "ae.pt";
    private const string Wrapper = "state_dict.";
    private const string MeanName = "act_mean";

    /// <summary>Loads a dictionary.</summary>
    /// <param name="path">The <c>.pt</c> file.</param>
    /// <param name="dictClass">The class, where no <c>config.json</c> says so: <c>AutoEncoderTopK</c> or
    /// <c>BatchTopKSAE</c>.</param>
    /// <exception cref="WeightsFormatException">The file is damaged, or the dictionary is of a kind that is not
    /// computed here.</exception>
    public static LoadedCoder Load(string path, string? dictClass = null)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var file = WeightFile.Open(path);
        var wrapped = file.Names.Any(name => name.StartsWith(Wrapper, StringComparison.Ordinal));
        if (wrapped && file.Names.FirstOrDefault(n =>
            !n.StartsWith(Wrapper, StringComparison.Ordinal) && n != MeanName) is { } other)
            throw new WeightsFormatException(path, other, "it stands beside the state dict", $"only {MeanName}");
        var tensors = new TensorTable(file, wrapped ? Wrapper : "");
        var named = dictClass ?? ClassOf(path);
        var dictionary = Read(tensors, named);
        try
        {
            if (wrapped && file.Has(MeanName)) TakeMean(dictionary, file);
            return new LoadedCoder(dictionary, "dictionary_learning", null, null,
                named is null ? new Dictionary<string, string>() : new Dictionary<string,
                    string>
                { ["dict_class"] = named });
        }
        catch
        {
            dictionary.Dispose();
            throw;
        }
    }

    private static SparseCoder Read(TensorTable tensors, string? named)
    {
        if (tensors.Is("bias", "encoder.weight", "encoder.bias", "decoder.weight")) return Standard(tensors);
        if (tensors.Is("encoder.weight", "encoder.bias", "decoder.weight", "decoder.bias")) return April(tensors);
        if (tensors.Is("decoder_bias", "encoder.weight", "r_mag", "gate_bias", "mag_bias",
            "decoder.weight")) return Gated(tensors);
        if (tensors.Is("W_enc", "b_enc", "W_dec", "b_dec", "threshold")) return JumpRelu(tensors);
        if (tensors.Is("W_enc", "b_enc", "W_dec", "b_dec", "k", "threshold", "group_sizes")) return Matryoshka(tensors);
        if (tensors.Is("encoder.weight", "encoder.bias", "decoder.weight", "b_dec", "k", "threshold"))
            return TopK(tensors, named);
        if (tensors.Is("encoder.weight", "encoder.bias", "decoder.weight", "b_dec", "k"))
            return TopK(tensors, named ?? "AutoEncoderTopK"); // before it kept a threshold; BatchTopKSAE always did
        throw tensors.Bad("", $"no kind of dictionary has the tensors {string.Join(", ", tensors.Names.Take(12))}",
            "those of AutoEncoder, AutoEncoderNew, GatedAutoEncoder, JumpReluAutoEncoder, AutoEncoderTopK, BatchTopKSAE or "
                + "MatryoshkaBatchTopKSAE");
    }

    private static SparseCoder Standard(TensorTable tensors)
    {
        var (count, width) = Linear(tensors, ("bias", false), ("encoder.bias", true));
        return tensors.Make(new StandardOptions { DIn = width, DSae = count, ScaleByDecoderNorm = false }, name =>
            name switch
        {
            "b_dec" => tensors.Load("bias"),
            _ => FromLinear(tensors, name),
        });
    }

    /// <summary>AutoEncoderNew, after Anthropic's update of April 2024.</summary>
    private static SparseCoder April(TensorTable tensors)
    {
        var (count, width) = Linear(tensors, ("decoder.bias", false), ("encoder.bias", true));
        return tensors.Make(new StandardOptions { DIn = width, DSae = count, ApplyBDecToInput = false }, name =>
            name switch
            {
                "b_dec" => tensors.Load("decoder.bias"),
                _ => FromLinear(tensors, name),
            });
    }

    private static SparseCoder Gated(TensorTable tensors)
    {
        var (count, width) = Linear(tensors, ("decoder_bias", false), ("r_mag", true), ("gate_bias", true),
            ("mag_bias", true));
        return tensors.Make(new GatedOptions { DIn = width, DSae = count, ScaleByDecoderNorm = false }, name =>
            name switch
        {
            "b_dec" => tensors.Load("decoder_bias"),
            "b_gate" => tensors.Load("gate_bias"),
            "b_mag" => tensors.Load("mag_bias"),
            "r_mag" => tensors.Load("r_mag"),
            _ => FromLinear(tensors, name),
        });
    }

    private static SparseCoder JumpRelu(TensorTable tensors)
    {
        var (count, width) = Rows(tensors, ("threshold", [tensors.Shape("W_enc", 2)[1]]));
        // Unlike the others this class does not subtract b_dec from what it reads.
        return tensors.Make(new JumpReluOptions { DIn = width, DSae = count, ApplyBDecToInput = false }, tensors.Load);
    }

    private static SparseCoder Matryoshka(TensorTable tensors)
    {
        var groups = tensors.Load("group_sizes").flatten().ToArray<float>();
        var (count, width) = Rows(tensors);
        if (groups.Any(size => size < 1 || size != Math.Floor(size)) || groups.Sum(size => (double)size) != count)
            throw tensors.Bad("group_sizes", $"they add up to {groups.Sum()}",
                $"positive sizes that add up to {count}");
        var widths = groups.Select((_, i) => (int)groups.Take(i + 1).Sum()).ToArray();
        var options = new MatryoshkaOptions
        {
            DIn = width,
            DSae = count,
            K = K(tensors, count),
            Widths = widths,
            RescaleByDecoderNorm = false
        };
        return tensors.Make(options, name =>
            name == "threshold" ? torch.tensor(Threshold(tensors)) : tensors.Load(name));
    }

    private static SparseCoder TopK(TensorTable tensors, string? named)
    {
        var (count, width) = Linear(tensors, ("b_dec", false), ("encoder.bias", true));
        var k = K(tensors, count);
        return named switch
        {
            "AutoEncoderTopK" => tensors.Make(new TopKOptions
            {
                DIn = width,
                DSae = count,
                K = k,
                RescaleByDecoderNorm = false
            }, Weight),
            "BatchTopKSAE" => tensors.Make(new BatchTopKOptions
            {
                DIn = width,
                DSae = count,
                K = k,
                RescaleByDecoderNorm = false
            }, Weight),
            _ => throw tensors.Bad("",
                $"its tensors fit two kinds, and "
                    + $"{(named is null ? "no config.json says which" : $"'{named}' is neither")}",
                "dict_class AutoEncoderTopK or BatchTopKSAE"),
        };

        Tensor Weight(string name) => name switch
        {
            "b_dec" => tensors.Load("b_dec"),
            "threshold" => torch.tensor(Threshold(tensors)),
            _ => FromLinear(tensors, name),
        };
    }

    /// <summary>What torch.nn.Linear stores, [out, in], as rows.</summary>
    private static Tensor FromLinear(TensorTable tensors, string name) => name switch
    {
        "W_enc" => tensors.Load("encoder.weight").t(),
        "W_dec" => tensors.Load("decoder.weight").t(),
        "b_enc" => tensors.Load("encoder.bias"),
        _ => tensors.Load(name),
    };

    private static (int Count, int Width) Linear(TensorTable tensors, params (string Name, bool OfFeatures)[] vectors)
    {
        var shape = tensors.Shape("encoder.weight", 2);
        var (count, width) = (shape[0], shape[1]);
        List<(string, long[])> expected = [("encoder.weight", [count, width]), ("decoder.weight", [width, count])];
        expected.AddRange(vectors.Select(v => (v.Name, (long[])[v.OfFeatures ? count : width])));
        CheckFloats(tensors, expected);
        return ((int)count, (int)width);
    }

    private static (int Count, int Width) Rows(TensorTable tensors, params (string Name, long[] Shape)[] more)
    {
        var shape = tensors.Shape("W_enc", 2);
        var (width, count) = (shape[0], shape[1]);
        CheckFloats(tensors, [("W_enc", [width, count]), ("W_dec", [count, width]), ("b_enc", [count]),
            ("b_dec", [width]), .. more]);
        return ((int)count, (int)width);
    }

    private static void CheckFloats(TensorTable tensors, List<(string Name, long[] Shape)> expected) =>
        tensors.Check([.. expected], ["k", "threshold", "group_sizes"]);

    private static int K(TensorTable tensors, int count)
    {
        var k = tensors.Number("k");
        return k >= 1 && k <= count && k == Math.Floor(k) ? (int)k
            : throw tensors.Bad("k", $"it is {k}", $"a whole number from 1 to {count}");
    }

    private static float Threshold(TensorTable tensors)
    {
        var threshold = tensors.Number("threshold");
        return double.IsFinite(threshold) ? (float)threshold
            : throw tensors.Bad("threshold", $"it is {threshold}", "a finite number");
    }

    /// <summary>f of x − m, and m added to the output: b_dec + m does both.</summary>
    private static void TakeMean(SparseCoder dictionary, WeightFile file)
    {
        if (!file.Info(MeanName).Shape.AsSpan().SequenceEqual([dictionary.DIn]))
            throw new WeightsFormatException(file.Path, MeanName, $"it is {file.Info(MeanName)}",
                $"[{dictionary.DIn}]");
        if (!dictionary.Options.ApplyBDecToInput)
            throw new WeightsFormatException(file.Path, MeanName,
                "this kind does not subtract b_dec from what it reads", "no mean");
        dictionary["b_dec"].add_(file.Load(MeanName).to(ScalarType.Float32));
    }

    private static string? ClassOf(string path)
    {
        var config = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "config.json");
        if (!File.Exists(config)) return null;
        var trainer = ConfigFile.Read(config).Inner("trainer");
        return trainer is not null && trainer.Has("dict_class") ? trainer.Text("dict_class") : null;
    }
}
