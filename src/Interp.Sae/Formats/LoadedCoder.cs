using Interp.Sae.Dictionaries;

namespace Interp.Sae.Formats;

/// <summary>A dictionary from a file and what the file says about it.</summary>
/// <param name="Dictionary">The dictionary; who loads it disposes it.</param>
/// <param name="Format">SAELens, sparsify, dictionary_learning, OpenAI, Gemma Scope or circuit-tracer.</param>
/// <param name="HookName">The hook that it reads, where the file says so.</param>
/// <param name="HookNameOut">The hook that a transcoder rebuilds, where the file says so.</param>
/// <param name="Metadata">Everything else that the file says: model, data, versions; as text.</param>
public sealed record LoadedCoder(SparseCoder Dictionary, string Format, string? HookName, string? HookNameOut,
    IReadOnlyDictionary<string, string> Metadata) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Dictionary.Dispose();
}
