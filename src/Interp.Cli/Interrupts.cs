using System.Runtime.InteropServices;

namespace Interp.Cli;

/// <summary>
/// Ctrl+C and requests to end: the first sets a token, so that a command can stop at a clean point (training writes its
/// checkpoint); the second ends the process at once.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <param name="firstTime">Called at the first signal, from another thread.</param>
    public Interrupts(Action firstTime)
    {
        void OnSignal(PosixSignalContext signal)
        {
            if (_source.IsCancellationRequested) return; // the second one: the default, which ends the process
            signal.Cancel = true;
            firstTime();
            _source.Cancel();
        }

        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
    }

    /// <summary>Set by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }
}
