namespace Interp.Torch.Tests.Support;

/// <summary>
/// Fails a test that leaves a live tensor behind. For tests of the collection <see
/// cref="RunsAlone"/>.
/// </summary>
public sealed class NoLiveTensorsAttribute : LeakCheckAttribute
{
    /// <inheritdoc/>
    protected override long Count() => Tensor.TotalCount;
}
