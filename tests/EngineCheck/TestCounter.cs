using Xunit;
using Xunit.Abstractions;

namespace Interp.EngineCheck;

/// <summary>Counts outcomes and prints each failure in full.</summary>
internal sealed class TestCounter(TextWriter writer) : LongLivedMarshalByRefObject, IMessageSink
{
    private readonly SortedDictionary<string, int> _skipReasons = new(StringComparer.Ordinal);

    /// <summary>Tests that passed.</summary>
    public int Passed { get; private set; }

    /// <summary>Tests that failed, and fixtures that could not be set up or cleaned up.</summary>
    public int Failed { get; private set; }

    /// <summary>Tests that were skipped.</summary>
    public int Skipped { get; private set; }

    /// <summary>Set when the last test has ended.</summary>
    public ManualResetEvent Finished { get; } = new(initialState: false);

    /// <summary>The skip reasons, then the counts on the last line.</summary>
    public string Summary => string.Concat(_skipReasons.Select(reason => $"  {reason.Value} skipped: {reason.Key}\n"))
        + $"{Passed} passed, {Failed} failed, {Skipped} skipped";

    /// <inheritdoc/>
    public bool OnMessage(IMessageSinkMessage message)
    {
        switch (message)
        {
            case ITestPassed:
                Passed++;
                break;
            case ITestSkipped skip:
                Skipped++;
                _skipReasons[skip.Reason] = _skipReasons.GetValueOrDefault(skip.Reason) + 1;
                break;
            case ITestFailed failure:
                Fail(failure.Test.DisplayName, failure);
                break;
            case IFailureInformation failure: // a fixture, a constructor, or the framework itself
                Fail(message.GetType().Name, failure);
                break;
            case ITestAssemblyFinished:
                Finished.Set();
                break;
        }

        return true;
    }

    private void Fail(string name, IFailureInformation failure)
    {
        Failed++;
        writer.WriteLine($"FAILED {name}");
        for (var i = 0; i < failure.Messages.Length; i++)
            writer.WriteLine($"{failure.Messages[i]}\n{failure.StackTraces[i]}\n");
    }
}
