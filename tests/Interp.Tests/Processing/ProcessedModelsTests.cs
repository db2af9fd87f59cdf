using Interp.Loading;
using Interp.Models;
using Interp.Processing;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Processing;

/// <summary>Processed models of real families predict what their references and their raw weights do.</summary>
public class ProcessedModelsTests(ITestOutputHelper output)
{
    // TransformerLens's own error after processing is 3e-6 to 9e-6 (3.5 for Mixtral, whose norm weights it loses).
    [SharedTheory("fixtures/gpt2")]
    [InlineData("gpt2", "")]
    [InlineData("gpt_neo", "")]
    [InlineData("gptj", "")]
    [InlineData("gpt_neox_pythia", "")]
    [InlineData("gpt_neox_sequential", "")]
    [InlineData("opt", "")]
    [InlineData("bloom", "")]
    [InlineData("falcon", "")]
    [InlineData("llama_gqa", "center_writing_weights fold_value_biases")]
    [InlineData("llama_mha", "center_writing_weights fold_value_biases")]
    [InlineData("llama3_ropescaled", "center_writing_weights fold_value_biases")]
    [InlineData("mistral", "center_writing_weights fold_value_biases")]
    [InlineData("mixtral", "center_writing_weights fold_value_biases")]
    [InlineData("qwen2", "center_writing_weights")]
    [InlineData("gemma", "center_writing_weights fold_value_biases")]
    [InlineData("gemma2", "center_writing_weights center_unembed fold_value_biases")]
    [InlineData("phi", "")]
    [InlineData("phi3", "center_writing_weights fold_value_biases")]
    [InlineData("olmo", "fold_ln fold_value_biases")]
    [InlineData("stablelm", "fold_ln")]
    public void Log_probabilities_are_those_of_Hugging_Face(string name, string skipped)
    {
        using var scope = torch.NewDisposeScope();
        var expected = new Fixture($"fixtures/{name}/expected.safetensors");
        var options = new LoadOptions { Processing = new WeightProcessing() };
        using var model = HookedTransformer.Load(SharedData.Path($"fixtures/{name}"), options);
        var found = model.Forward(expected["input_ids"]);
        var difference = Difference.Largest(name, expected["logits"].log_softmax(-1), found.log_softmax(-1));
        output.WriteLine($"{name}: {difference:E1}; {string.Join("; ", model.Processing)}");
        Assert.True(difference < 3e-5, $"{difference}");
        Assert.Equal(skipped, string.Join(' ', model.Processing.Where(s => !s.Applied).Select(s => s.Name)));
    }

    [SharedTheory("weights/capp-gpt2", "weights/stories260k")]
    [InlineData("capp-gpt2")]
    [InlineData("stories260k")]
    public void A_trained_model_predicts_the_same_and_its_raw_form_stays_as_it_was(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var raw = HookedTransformer.Load(SharedData.Path($"weights/{name}"));
        using var generator = new Generator(0);
        var tokens = torch.randint(0, raw.Config.DVocab, [2, 30], generator: generator);
        var before = raw.Forward(tokens);
        using var processed = raw.Process();
        var difference = Difference.Largest(name, before.log_softmax(-1), processed.Forward(tokens).log_softmax(-1));
        output.WriteLine($"{name}: {difference:E1}; {string.Join("; ", processed.Processing)}");
        Assert.True(difference < 1e-4, $"{difference}");
        Assert.True(raw.Forward(tokens).Equals(before));
        var greedy = new GenerateOptions { MaxNewTokens = 20 };
        var start = tokens[..1, ..5];
        Assert.Equal(raw.Generate(start, greedy).ToArray<long>(), processed.Generate(start, greedy).ToArray<long>());
    }
}
