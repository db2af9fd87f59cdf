using System.CommandLine;
using Interp.Sae.Formats;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Options;

/// <summary>What the files of a dictionary may leave open.</summary>
internal sealed class SaeLoadOptions
{
    private readonly Option<double?> _scale = new("--scale")
    {
        Description = "The scale of activations that a SAELens dictionary with expected_average_only_in expects, where "
            + "no activation_scaler.json says it",
        HelpName = "X",
    };

    private readonly Option<string?> _class = new("--dict-class")
    {
        Description = "The class of a dictionary_learning file without config.json: AutoEncoderTopK or BatchTopKSAE",
        HelpName = "NAME",
    };

    /// <summary>The options.</summary>
    public Option[] All => [_scale, _class];

    /// <summary>The dictionary at a path.</summary>
    public LoadedCoder Load(ParseResult arguments, string path, Device? device = null) => DictionaryFile.Load(path,
        new DictionaryLoadOptions
        {
            Scale = arguments.GetValue(_scale),
            DictClass = arguments.GetValue(_class),
            Device = device ?? torch.CPU,
        });
}
