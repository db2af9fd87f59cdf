namespace Interp.Hooks;

/// <summary>
/// What a cache will take, known before anything runs; see <see cref="Models.HookedTransformer.EstimateCache"/>.
/// </summary>
/// <param name="Bytes">All of it.</param>
/// <param name="Points">
/// The bytes of every point in firing order; 0 where a point shows the same memory as another that is counted, such as
/// the stream behind one block and before the next.
/// </param>
public sealed record CacheEstimate(long Bytes, IReadOnlyList<(string Name, long Bytes)> Points);
