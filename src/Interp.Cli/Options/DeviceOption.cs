using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Options;

/// <summary><c>--device cpu|cuda|cuda:N</c>: where the model runs.</summary>
internal sealed class DeviceOption : Option<Device>
{
    public DeviceOption() : base("--device")
    {
        Description = "Where to run: cpu, cuda or cuda:N";
        HelpName = "DEVICE";
        DefaultValueFactory = _ => torch.CPU;
        CustomParser = Parse;
    }

    /// <summary>The device that was asked for.</summary>
    /// <exception cref="UserErrorException">This machine or this libtorch does not have it.</exception>
    public Device Read(ParseResult arguments)
    {
        var device = arguments.GetValue(this)!;
        if (device.type != DeviceType.CUDA) return device;
        var count = torch.cuda.device_count();
        if (count == 0)
            throw new UserErrorException($"--device {device}: libtorch {Libtorch.Version} finds no CUDA device "
                + "here; use --device cpu, or run on a libtorch with CUDA: INTERP_LIBTORCH=<folder> ./interp …");
        if (device.index >= count)
            throw new UserErrorException($"--device {device}: this machine has {count} CUDA device{(count == 1 ? "" : "s")}, "
                + $"the last is cuda:{count - 1}");
        return device;
    }

    private static Device Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var parts = text.Trim().ToLowerInvariant().Split(':');
        if (parts is ["cpu"]) return torch.CPU;
        if (parts is ["cuda"]) return torch.CUDA;
        if (parts is ["cuda", var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return torch.device(DeviceType.CUDA, index);

        result.AddError($"--device: '{text}' is not a device; use cpu, cuda or cuda:N");
        return torch.CPU;
    }
}
