namespace Interp.Hooks;

/// <summary>A hook that cannot be: an unknown or unreachable name, or a returned value that does not fit.</summary>
/// <param name="message">What is wrong, and which names were meant perhaps.</param>
public sealed class HookException(string message) : ArgumentException(message);
