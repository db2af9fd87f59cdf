using System.CommandLine;
using System.CommandLine.Parsing;
using Interp.Cli.Input;
using Interp.Cli.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Options;

/// <summary>A batch of sequences: <c>--ids</c> once for each, or <c>--ids-file</c>; and which of it is padding.</summary>
internal sealed class BatchInput
{
    private readonly Option<string[]> _ids = new("--ids")
    {
        Description = "Token ids, as 5,3,9; once for each sequence of a batch",
        HelpName = "IDS",
    };

    private readonly Option<string?> _idsFile = new("--ids-file")
    {
        Description = "A safetensors file with integers 'input_ids' [batch, pos] or [pos]",
        HelpName = "FILE",
    };

    private readonly Option<string?> _maskFile = new("--mask-file")
    {
        Description = "A safetensors file with 'attention_mask' [batch, pos]: 1 for tokens, 0 for padding",
        HelpName = "FILE",
    };

    /// <summary>Adds the options to a command.</summary>
    public BatchInput AddTo(Command command)
    {
        foreach (Option option in new Option[] { _ids, _idsFile, _maskFile }) command.Add(option);
        command.Validators.Add(ExactlyOne);
        return this;
    }

    /// <summary>The ids [batch, pos] and the mask, which is null if none was given.</summary>
    /// <exception cref="UserErrorException">They do not fit each other or the model; the message says why.</exception>
    public (Tensor Ids, Tensor? Mask) Read(ParseResult arguments, LoadedModel model)
    {
        var ids = arguments.GetValue(_idsFile) is { } file
            ? TensorFile.ReadIntegers(file, "--ids-file", "input_ids")
            : Tensor(IdList.ParseBatch(arguments.GetValue(_ids)!));
        if (ids.dim() == 1) ids = ids.unsqueeze(0);
        if (arguments.GetValue(_maskFile) is not { } maskFile) return (ids, null);
        var mask = TensorFile.ReadIntegers(maskFile, "--mask-file", "attention_mask", "mask");
        if (mask.dim() == 1) mask = mask.unsqueeze(0);
        if (!mask.shape.SequenceEqual(ids.shape))
            throw new UserErrorException($"--mask-file: the mask is [{string.Join(", ", mask.shape)}] and the ids are "
                + $"[{string.Join(", ", ids.shape)}]; they must have one shape");
        return (ids, mask);
    }

    private static Tensor Tensor(long[][] rows) => torch.tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]);

    private void ExactlyOne(CommandResult result)
    {
        var ids = result.GetResult(_ids) is { Implicit: false };
        var file = result.GetResult(_idsFile) is { Implicit: false };
        if (ids == file)
            result.AddError(ids ? "--ids and --ids-file exclude each other; give one of them" : "give the input with --ids 5,3,9 or --ids-file FILE");
    }
}
