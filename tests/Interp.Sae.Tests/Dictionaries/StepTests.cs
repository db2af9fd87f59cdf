using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Dictionaries;

/// <summary>Steps of training: their gradients, written out by hand, against autograd's of the loss.</summary>
public class StepTests
{
    /// <summary>Sums of float32 in another order.</summary>
    private const double Tolerance = 2e-6;

    public static TheoryData<string> ByHand =>
        ["standard", "standard without norms", "topk", "topk without norms", "batchtopk", "matryoshka"];

    [Theory]
    [MemberData(nameof(Kinds.Names), MemberType = typeof(Kinds))]
    public void A_step_leaves_the_gradients_and_the_loss_that_autograd_finds(string kind) =>
        Compare(() => Kinds.Create(kind), LossContext.Default);

    [Theory]
    [MemberData(nameof(ByHand))]
    public void So_it_does_with_half_of_the_penalty_and_dead_features(string kind)
    {
        using var dead = torch.arange(16).remainder(2).eq(1); // 8, more than the 3 that the term takes
        Compare(() => Kinds.Create(kind), new LossContext(0.5, dead));
        using var few = torch.arange(16).eq(5);
        Compare(() => Kinds.Create(kind), new LossContext(0.5, few));
    }

    [Theory]
    [MemberData(nameof(ByHand))]
    public void So_it_does_where_few_features_are_on_and_where_none_is(string kind)
    {
        foreach (var shift in new[] { -2.5, -100 })
            Compare(() =>
            {
                var dictionary = Kinds.Create(kind);
                dictionary["b_enc"].add_(shift);
                return dictionary;
            }, LossContext.Default, rows: 40);
    }

    [Theory]
    [InlineData("standard")]
    [InlineData("topk")]
    public void So_it_does_over_more_rows_than_are_taken_at_once(string kind) =>
        Compare(() => Kinds.Create(kind), LossContext.Default, rows: 5000);

    [Theory]
    [MemberData(nameof(ByHand))]
    public void A_decoder_direction_of_length_0_is_no_trouble(string kind) => Compare(() =>
    {
        var dictionary = Kinds.Create(kind);
        dictionary["W_dec"].fill_(0, 3);
        return dictionary;
    }, LossContext.Default, compared: name => name != "W_enc"); // no norm, no reason to choose it or not

    [Fact]
    public void Thresholds_of_a_batch_move_as_they_do_with_autograd()
    {
        using var scope = torch.NewDisposeScope();
        using var recorded = Kinds.Create("batchtopk").RequireGradients();
        using var byHand = Kinds.Create("batchtopk").RequireGradients();
        var x = Kinds.Input(recorded);
        recorded.Loss(x, x, LossContext.Default);
        byHand.Step(x, x, LossContext.Default);
        Assert.NotEqual(0.05, byHand["threshold"].ToDouble(), 4);
        Kinds.Close(recorded["threshold"], byHand["threshold"], 1e-7);
    }

    [Fact]
    public void The_same_step_gives_the_same_bits()
    {
        using var scope = torch.NewDisposeScope();
        using var one = Kinds.Create("topk").RequireGradients();
        using var other = Kinds.Create("topk").RequireGradients();
        var x = Kinds.Input(one, 500);
        one.Step(x, x, LossContext.Default);
        other.Step(x, x, LossContext.Default);
        foreach (var (name, tensor) in one.Weights) Kinds.Close(tensor.grad!, other[name].grad!, 0);
    }

    private static void Compare(Func<SparseCoder> create, LossContext context, int rows = 9,
        Func<string, bool>? compared = null)
    {
        using var scope = torch.NewDisposeScope();
        using var recorded = create().RequireGradients();
        using var byHand = create().RequireGradients();
        var x = Kinds.Input(recorded, rows);
        var target = Kinds.Target(recorded, x);
        var loss = recorded.Loss(x, target, context);
        loss.Total.backward();
        var step = byHand.Step(x, target, context);
        Near("loss", loss.Total.detach(), step.Total);
        Near("error", loss.Reconstruction.detach(), step.Reconstruction);
        Near("sparsity", loss.Sparsity.detach(), step.Sparsity);
        Near("auxiliary", loss.Auxiliary.detach(), step.Auxiliary);
        Near("output", loss.Output.detach(), step.Output);
        foreach (var (name, tensor) in recorded.Weights)
        {
            if (!tensor.requires_grad || compared?.Invoke(name) == false) continue;
            Near(name, tensor.grad ?? torch.zeros_like(tensor), byHand[name].grad!);
        }

        if (compared is null) Kinds.Close(loss.Features.ne(0).sum([0]), step.Fired, 0);
    }

    private static void Near(string what, Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        var difference = (expected - actual).abs().max().ToDouble();
        var limit = Tolerance * Math.Max(expected.abs().max().ToDouble(), 1);
        Assert.True(difference <= limit, $"{what}: the largest difference is {difference}, allowed is {limit}");
    }
}
