using System.Text.Json;
using Interp.Sae.Dictionaries;
using Interp.Tensors;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Dictionaries;

/// <summary>What holds for every kind.</summary>
public class SparseCoderTests
{
    public static TheoryData<string> Names => Kinds.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_are_the_slopes_of_the_loss(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var dictionary = Kinds.Create(name);
        dictionary.RequireGradients();
        var input = Kinds.Input(dictionary, 32);
        var target = Kinds.Target(dictionary, input);
        // The gate's extra term stops gradients at the decoder, and thresholds have derivatives of their own making.
        string[] chosen = name switch
        {
            "gated" => ["W_enc", "b_gate", "b_mag", "r_mag"],
            _ =>
            [.. dictionary.Weights.Select(w => w.Name)]
        };
        dictionary.Loss(input, target, LossContext.Default).Total.backward();
        foreach (var weight in chosen.Where(weight => weight != "threshold"))
        {
            using var noGrad = torch.no_grad();
            var tensor = dictionary[weight];
            var gradient = tensor.grad!;
            var size = gradient.norm().ToDouble();
            var direction = gradient / size;
            const double step = 1e-3;
            tensor.add_(direction, step);
            var up = dictionary.Loss(input, target, LossContext.Default).Total.ToDouble();
            tensor.add_(direction, -2 * step);
            var down = dictionary.Loss(input, target, LossContext.Default).Total.ToDouble();
            tensor.add_(direction, step);
            Assert.True(Math.Abs((up - down) / (2 * step) - size) < 0.03 * size + 1e-3,
                $"{weight}: {(up - down) / (2 * step)} against {size}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_terms_add_up_to_the_loss_and_the_output_is_that_of_the_features(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var dictionary = Kinds.Create(name);
        using var noGrad = torch.no_grad();
        var input = Kinds.Input(dictionary);
        var target = Kinds.Target(dictionary, input);
        var loss = dictionary.Loss(input, target, LossContext.Default);
        Assert.Equal((loss.Reconstruction + loss.Sparsity + loss.Auxiliary).ToDouble(), loss.Total.ToDouble(),
            4);
        Assert.Equal((loss.Output - target).square().sum().ToDouble() / input.size(0),
            loss.Reconstruction.ToDouble(), 3);
        if (name != "skip transcoder") Kinds.Close(dictionary.Decode(loss.Features), loss.Output);
        if (dictionary is not BatchTopKSae) Kinds.Close(dictionary.Encode(input), loss.Features);
        Kinds.Close(dictionary.Forward(input), dictionary is BatchTopKSae ? dictionary.Decode(dictionary.Encode(input))
            : loss.Output);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Folding_decoder_norms_keeps_the_outputs(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var dictionary = Kinds.Create(name);
        var input = Kinds.Input(dictionary);
        var before = dictionary.Forward(input);
        if (name is "topk without norms" or "skip transcoder")
        {
            Assert.Contains("strongest", Assert.Throws<InvalidOperationException>(dictionary.FoldDecoderNorms).Message);
            return;
        }

        dictionary.FoldDecoderNorms();
        Kinds.Close(torch.ones([16]), dictionary.DecoderNorms());
        Kinds.Close(before, dictionary.Forward(input));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Folding_a_scale_makes_the_dictionary_work_on_unscaled_activations(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var dictionary = Kinds.Create(name);
        var input = Kinds.Input(dictionary);
        var read = name == "crosscoder" ? torch.tensor([2f, 0.5f, 3f]) : torch.tensor(2.5);
        var written = dictionary is Transcoder ? torch.tensor(0.7) : read;
        var factor = name == "crosscoder" ? read.unsqueeze(-1) : read;
        var (features, output) = (dictionary.Encode(input * factor),
            dictionary.Forward(input * factor) / (dictionary is Transcoder ? written : factor));
        dictionary.FoldScale(read, written);
        Kinds.Close(features, dictionary.Encode(input), 1e-4);
        Kinds.Close(output, dictionary.Forward(input), 1e-4);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Options_survive_json(string name)
    {
        var options = Kinds.Options(name);
        var json = JsonSerializer.Serialize(options, RunFolder.Json);
        var read = JsonSerializer.Deserialize<DictionaryOptions>(json, RunFolder.Json);
        Assert.Equal(json, JsonSerializer.Serialize(read, RunFolder.Json));
        Assert.Equal(options.GetType(), read!.GetType());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Another_width_is_an_error_naming_both(string name)
    {
        using var dictionary = Kinds.Create(name);
        using var wrong = torch.zeros([3, 7]);
        var message = Assert.Throws<ArgumentException>(() => dictionary.Encode(wrong)).Message;
        Assert.Contains("[3, 7]", message);
        Assert.Contains($"{string.Join(", ", dictionary.InputShape)}]", message);
    }

    [Theory]
    [InlineData("standard")]
    [InlineData("gated")]
    [InlineData("topk")]
    [InlineData("batchtopk")]
    [InlineData("jumprelu")]
    [InlineData("matryoshka")]
    public void Autoencoders_start_as_published(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(4);
        using var dictionary = Kinds.Options(name).Create(generator);
        Kinds.Close(torch.full([16], 0.1), dictionary.DecoderNorms());
        Kinds.Close(dictionary["W_dec"].t(), dictionary["W_enc"], 0);
        foreach (var (weight, tensor) in dictionary.Weights)
            if (weight is not ("W_enc" or "W_dec" or "threshold")) Kinds.Close(torch.zeros_like(tensor), tensor, 0);
        if (name == "jumprelu") Kinds.Close(torch.full([16], 0.01), dictionary["threshold"]);
    }

    [Fact]
    public void A_transcoder_starts_at_zero_with_unit_encoder_directions()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(4);
        using var dictionary = Kinds.Options("skip transcoder").Create(generator);
        Kinds.Close(torch.ones([16]), torch.linalg.vector_norm(dictionary["W_enc"], 2, [0]));
        foreach (var weight in new[] { "W_dec", "W_skip", "b_enc", "b_dec" })
            Kinds.Close(torch.zeros_like(dictionary[weight]), dictionary[weight], 0);
    }

    public static TheoryData<DictionaryOptions, string> Impossible => new()
    {
        { new StandardOptions { DIn = 0, DSae = 4 }, "d_in 0" },
        { new StandardOptions { DIn = 4, DSae = 4, L1Coefficient = -1 }, "L1Coefficient -1" },
        { new GatedOptions { DIn = 4, DSae = 4, L1Coefficient = double.NaN }, "L1Coefficient NaN" },
        { new TopKOptions { DIn = 4, DSae = 4, K = 5 }, "k 5" },
        { new BatchTopKOptions { DIn = 4, DSae = 4, K = 1, ThresholdRate = 0 }, "ThresholdRate 0" },
        { new MatryoshkaOptions { DIn = 4, DSae = 4, K = 1, Widths = [3, 2] }, "Widths 3, 2" },
        { new JumpReluOptions { DIn = 4, DSae = 4, Bandwidth = 0 }, "Bandwidth 0" },
        { new TranscoderOptions { DIn = 4, DSae = 4, DOut = 4 }, "ApplyBDecToInput" },
        { new CrosscoderOptions { DIn = 4, DSae = 4, Sites = 0, ApplyBDecToInput = false }, "Sites 0" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Impossible_options_are_an_error_naming_the_option(DictionaryOptions options, string named)
    {
        using var generator = new Generator(0);
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => options.Create(generator)).Message);
    }
}
