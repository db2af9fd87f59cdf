namespace Interp.Weights;

/// <summary>
/// A weight file that is not what its format says it must be. The message is one sentence that names the file, the
/// place in it, what is wrong there and what was expected.
/// </summary>
public sealed class WeightsFormatException : Exception
{
    /// <summary>Describes one fault of one file.</summary>
    /// <param name="file">The file, as the caller named it.</param>
    /// <param name="place">Where in the file: a tensor, a header, a byte; empty for the file as a whole.</param>
    /// <param name="reason">What is wrong.</param>
    /// <param name="expected">What would have been right.</param>
    /// <param name="inner">The exception that revealed the fault, if any.</param>
    public WeightsFormatException(string file, string place, string reason, string expected, Exception? inner = null)
        : base(ErrorText.OneLine($"{file}{(place.Length > 0 ? ", " : "")}{place}: {reason}; expected {expected}"), inner)
    {
        File = file;
        Place = place;
        Reason = reason;
        Expected = expected;
    }

    /// <summary>The file, as the caller named it.</summary>
    public string File { get; }

    /// <summary>Where in the file; empty for the file as a whole.</summary>
    public string Place { get; }

    /// <summary>What is wrong.</summary>
    public string Reason { get; }

    /// <summary>What would have been right.</summary>
    public string Expected { get; }
}
