using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Cache;

/// <summary>
/// Fills a stack of components piece by piece where it lies, so that nothing of its size is ever beside it. Where
/// gradients go through the pieces they are joined at the end instead.
/// </summary>
internal sealed class StackBuilder
{
    private static readonly Operator BmmOut = new("aten::bmm", "out");

    private readonly long[] leading;
    private readonly long width;
    private readonly List<string> labels = [];
    private readonly List<Tensor> pieces = [];
    private readonly Tensor? whole;
    private readonly DisposeScope? owner = torch.CurrentDisposeScope;
    private long filled;

    /// <param name="count">Components.</param>
    /// <param name="leading">[batch, pos], without those that were sliced away.</param>
    /// <param name="width">d_model, or the number of directions on which results are projected.</param>
    /// <param name="like">Gives type and device.</param>
    /// <param name="tracked">Whether gradients go through the components.</param>
    internal StackBuilder(long count, long[] leading, long width, Tensor like, bool tracked)
    {
        this.leading = leading;
        this.width = width;
        if (!tracked) whole = torch.empty([count, .. leading, width], like.dtype, like.device);
    }

    /// <summary>One component [batch, pos, width], or one that broadcasts to it.</summary>
    internal void Add(string label, Tensor part)
    {
        using var scope = torch.NewDisposeScope();
        if (whole is null) pieces.Add(Keep(part.expand([.. leading, width]).unsqueeze(0)));
        else Next(1).select(0, 0).copy_(part);
        labels.Add(label);
    }

    /// <summary>Products left · right for several components: [n, rows, inner] · [n, inner, width].</summary>
    /// <param name="names">Their labels.</param>
    /// <param name="left">One row for every place in batch and pos.</param>
    /// <param name="right">What a component makes of a row.</param>
    /// <param name="then">A further step on [n, batch, pos, width]; in place where it is told so.</param>
    internal void AddProducts(IEnumerable<string> names, Tensor left, Tensor right,
        Func<Tensor, bool, Tensor>? then = null)
    {
        using var scope = torch.NewDisposeScope();
        var count = left.size(0);
        if (whole is not null) BmmOut.InPlace(left, right, Next(count).view(count, left.size(1), width));
        Finish(names, count, () => left.bmm(right).view([count, .. leading, width]), then);
    }

    /// <summary>Outer products activation · row for several components: [n, batch, pos] and [n, width].</summary>
    /// <inheritdoc cref="AddProducts"/>
    internal void AddOuter(IEnumerable<string> names, Tensor activations, Tensor rows,
        Func<Tensor, bool, Tensor>? then = null)
    {
        using var scope = torch.NewDisposeScope();
        var count = rows.size(0);
        var vectors = rows.view([count, .. leading.Select(_ => 1L), width]);
        if (whole is not null) Next(count).copy_(activations.unsqueeze(-1)).mul_(vectors);
        Finish(names, count, () => activations.unsqueeze(-1) * vectors, then);
    }

    /// <summary>Components as they are [n, batch, pos, width].</summary>
    /// <inheritdoc cref="AddProducts"/>
    internal void AddAll(IEnumerable<string> names, Tensor parts, Func<Tensor, bool, Tensor>? then = null)
    {
        using var scope = torch.NewDisposeScope();
        if (whole is not null) Next(parts.size(0)).copy_(parts);
        Finish(names, parts.size(0), () => parts.clone(), then);
    }

    /// <summary>The sum of all components so far [batch, pos, width].</summary>
    internal Tensor Sum() => whole is null ? torch.cat([.. pieces]).sum([0]) : whole.narrow(0, 0, filled).sum([0]);

    /// <summary>The stack.</summary>
    internal (Tensor Values, List<string> Labels) Finish() => (whole ?? torch.cat([.. pieces]), labels);

    /// <summary>The last step of components: in the stack's own memory, or on a piece of its own.</summary>
    private void Finish(IEnumerable<string> names, long count, Func<Tensor> piece, Func<Tensor, bool, Tensor>? then)
    {
        if (whole is null) pieces.Add(Keep(then is null ? piece() : then(piece(), false)));
        else then?.Invoke(whole.narrow(0, filled - count, count), true);
        labels.AddRange(names);
    }

    private Tensor Next(long count)
    {
        filled += count;
        return whole!.narrow(0, filled - count, count);
    }

    private Tensor Keep(Tensor piece) => piece.MoveToDisposeScope(owner);
}
