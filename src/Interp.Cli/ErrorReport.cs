using Interp.Tensors;
using Interp.Tokenizers;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli;

/// <summary>Turns an exception into one line for the user and an exit code.</summary>
internal static class ErrorReport
{
    /// <summary>Writes the error and returns the exit code that belongs to it.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="context">Where to write.</param>
    /// <param name="verbose">Whether to add the stack trace.</param>
    public static int Write(Exception error, CommandContext context, bool verbose)
    {
        if (error is AggregateException { InnerExceptions.Count: 1 }) error = error.InnerException!;
        var console = context.Console;
        var code = error switch
        {
            OperationCanceledException when context.Cancellation.IsCancellationRequested => ExitCode.Interrupted,
            UserErrorException user => user.ExitCode,
            _ => ExitCode.Failure,
        };
        if (code == ExitCode.Interrupted) console.Note("interrupted");
        else if (IsExpected(error)) console.Error(OneLine(error));
        else console.Error($"{error.GetType().Name}: {OneLine(error)} (unexpected; --verbose shows where)");
        if (verbose) console.Note(error.ToString());
        return code;
    }

    /// <summary>Whether the message was written for the user: bad input, a missing file, an operation that ATen refused.</summary>
    private static bool IsExpected(Exception error) => error is UserErrorException or System.Runtime.InteropServices.ExternalException
        or WeightsFormatException or TokenizerException or IOException or UnauthorizedAccessException or ArgumentException
        or KeyNotFoundException or FormatException or InvalidDataException or NotSupportedException;

    private static string OneLine(Exception error)
    {
        var message = TorchMessage.Of(error);
        if (error is ArgumentException { ParamName: { } name }) message = message.Replace($" (Parameter '{name}')", "");
        var lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return string.Join("; ", lines).TrimEnd('.');
    }
}
