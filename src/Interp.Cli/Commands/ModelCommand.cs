using System.CommandLine;
using Interp.Cli.Models;
using Interp.Cli.Options;
using Interp.Loading;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Commands;

/// <summary>A command about one model: <c>PATH</c> and <c>--device</c>, and the model loaded for it.</summary>
internal abstract class ModelCommand : InterpCommand
{
    private readonly Argument<string> _path = new("PATH")
    {
        Description = "A model: a folder, a file of weights (safetensors, .pt, .pth, llama2.c .bin), a name from 'interp models', "
            + $"or one that ships with Interp: {ShippedModels.Names}",
        DefaultValueFactory = _ => ShippedModels.Default,
    };

    private readonly DeviceOption _device = new();

    private readonly Option<string?> _config = new("--config")
    {
        Description = "The model's configuration, where it does not lie beside the weights",
        HelpName = "FILE",
    };

    protected ModelCommand(string name, string description, CommandContext context) : base(name, description, context)
    {
        Add(_path);
        Add(_device);
        Add(_config);
    }

    /// <inheritdoc/>
    protected sealed override int Run(ParseResult arguments)
    {
        var path = arguments.GetRequiredValue(_path);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var model = LoadedModel.Load(
            path, new LoadOptions { Device = _device.Read(arguments), ConfigPath = arguments.GetValue(_config) });
        return Run(arguments, model);
    }

    /// <summary>Carries the command out on the loaded model; tensors made here are freed when it returns.</summary>
    /// <returns>The exit code.</returns>
    protected abstract int Run(ParseResult arguments, LoadedModel model);
}
