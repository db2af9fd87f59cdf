using System.Text.Json;
using Interp.Models.Encoders;
using Interp.Tensors;
using Interp.Tokenizers;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading.Encoders;

/// <summary>Loads encoders of the BERT family from files in Hugging Face's layout.</summary>
internal static class EncoderLoader
{
    private static readonly EncoderLayout[] Layouts = [new BertLayout(), new DistilBertLayout(), new RobertaLayout()];

    /// <summary>The model types that are supported.</summary>
    internal static IEnumerable<string> ModelTypes => Layouts.Select(layout => layout.ModelType);

    /// <summary>Loads BERT, DistilBERT or RoBERTa. Every head that the file holds is loaded; those that the configuration's
    /// <c>architectures</c> names must be there.</summary>
    /// <param name="path">A folder with weights and configuration, or a file of weights beside its configuration.</param>
    /// <param name="options">Device, element type, configuration.</param>
    /// <exception cref="ModelLoadException">The files do not make such a model; the message says why.</exception>
    /// <exception cref="WeightsFormatException">A file of weights is damaged.</exception>
    internal static HookedEncoder Load(string path, LoadOptions? options)
    {
        options ??= new LoadOptions();
        var source = ModelSource.Find(path, options);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        try
        {
            var settings = ModelFamilies.OpenConfig(source);
            var layout = Array.Find(Layouts, layout => HuggingFaceConfig.Is(settings, layout.ModelType))
                ?? throw ModelFamilies.WrongLoader(source, settings, nameof(HookedEncoder), ModelTypes);
            var kinds = Kinds(settings, layout);
            settings.Expect("is_decoder", false);
            settings.Skip("eos_token_id");
            var tied = settings.Bool("tie_word_embeddings", true);
            var config = layout.Configure(settings, options) with { ModelName = ModelFamilies.NameOf(source) };
            HuggingFaceConfig.FinishCommon(settings);
            config.Validate();
            using var file = WeightFile.Open(source.WeightsPath);
            var weights = new EncoderReader(new WeightReader(file, options), config, layout.Names).Read(tied);
            foreach (var kind in kinds) RequireHeads(weights, layout, kind, file.Path);
            return new HookedEncoder(config, weights, TokenizerLoader.TryFind(source.Given));
        }
        catch (ArgumentException e)
        {
            throw new ModelLoadException($"{source.Given}: {e.Message}", e);
        }
    }

    /// <summary>The kinds of model that a configuration names, without the family: <c>ForMaskedLM</c> and such.</summary>
    private static List<string> Kinds(ConfigReader c, EncoderLayout layout)
    {
        if (c.Find("architectures") is not { } list) return [];
        var names = list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String)
            ? list.EnumerateArray().Select(name => name.GetString()!).ToList()
            : throw new ModelLoadException($"{c.Path}: the setting 'architectures' must be a list of names");
        if (names.Find(name => !layout.Kinds.Contains(Kind(name, layout))) is { } unknown)
            throw new ModelLoadException(
                $"{c.Path}: the architecture '{unknown}' is not supported; supported: " +
                string.Join(", ", layout.Kinds.Select(kind => layout.ClassPrefix + kind)));
        return [.. names.Select(name => Kind(name, layout))];
    }

    private static string Kind(string name, EncoderLayout layout) =>
        name.StartsWith(layout.ClassPrefix, StringComparison.Ordinal) ? name[layout.ClassPrefix.Length..] : name;

    private static void RequireHeads(EncoderWeights weights, EncoderLayout layout, string kind, string path)
    {
        var missing = kind switch
        {
            "ForMaskedLM" or "ForPreTraining" when weights.MaskedLm is null => $"masked-language-model head ('{layout.Names.Transform}.weight')",
            "ForNextSentencePrediction" or "ForPreTraining" when weights.Pooler is null => "pooler ('pooler.dense.weight')",
            "ForNextSentencePrediction" or "ForPreTraining" when weights.NextSentence is null => "next-sentence head ('cls.seq_relationship.weight')",
            _ => null,
        };
        if (missing is not null)
            throw new ModelLoadException($"{path} has no {missing}, which the architecture {layout.ClassPrefix}{kind} of the configuration needs");
    }
}
