using Interp.Circuits.Heads;
using Interp.Models;
using Interp.Studies.Ioi;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.Ioi;

public class IoiAnalysisTests
{
    [Fact]
    public void The_shipped_model_does_the_task_with_few_heads_that_are_no_name_movers()
    {
        using var model = HookedTransformer.Load(Repository.Path("models/stories"));
        using var data = IoiDataset.Create(model, templates: 2, prompts: 16);
        var analysis = IoiAnalysis.Of(model, data);
        Assert.Contains(new HeadName(0, 7), analysis.Circuit);
        Assert.Contains(new HeadName(1, 1), analysis.Circuit);
        Assert.InRange(analysis.Circuit.Count, 2, 4);
        Assert.All(analysis.Verdicts().Where(verdict => verdict.IsCore),
            verdict => Assert.True(verdict.Holds, $"{verdict.Claim}: {verdict.Measured}"));
        Assert.Empty(analysis.With(IoiRole.NameMover));
    }

    [Fact]
    public void Nothing_holds_for_an_untrained_model()
    {
        using var shipped = HookedTransformer.Load(Repository.Path("models/stories"));
        using var generator = new Generator(1);
        using var model = ModelInitializer.Create(shipped.Config, generator, shipped.Tokenizer);
        using var data = IoiDataset.Create(model, templates: 1, prompts: 8);
        Assert.All(IoiAnalysis.Of(model, data)
            .Verdicts(), verdict => Assert.False(verdict.Holds, $"{verdict.Claim}: {verdict.Measured}"));
    }

    [Fact]
    public void Direct_attributions_add_up_with_the_rest_to_the_logit_difference()
    {
        // An attention-only model without norms: heads, embedding and biases write all there is.
        using var shipped = HookedTransformer.Load(Repository.Path("models/stories"));
        using var generator = new Generator(2);
        using var model = ModelInitializer.Create(shipped.Config with
        {
            AttnOnly = true,
            NormalizationType = NormalizationType.None,
            NLayers = 2
        }, generator, shipped.Tokenizer);
        using var data = IoiDataset.Create(model, templates: 1, prompts: 8);
        using var scope = torch.NewDisposeScope();
        var analysis = IoiAnalysis.Of(model, data);
        var batch = data.Batches[0];
        var end = (model.W_E.index_select(0, batch.Tokens.select(1, batch.End))
            + model.W_pos[batch.End]).MatMul(model.W_U); // [prompt, d_vocab]
        var embedding = Enumerable.Range(0, 8)
            .Average(k => end[k, batch.Receivers[k]].ToSingle() - end[k, batch.Givers[k]].ToSingle());
        Assert.Equal(analysis.Behaviour.Difference, embedding + analysis.Heads.Sum(head => head.Direct), 4);
    }

    [Fact]
    public void A_role_needs_all_of_its_criteria()
    {
        var mover = new IoiHead(new HeadName(9, 9)) { PathToLogits = -0.3, EndToReceiver = 0.6, Copying = 0.95 };
        Assert.Equal([IoiRole.NameMover], mover.Roles);
        Assert.Empty((mover with { Copying = 0.2 }).Roles);
        Assert.Empty((mover with { EndToReceiver = 0.1 }).Roles);
        Assert.Empty((mover with { PathToLogits = 0.3 }).Roles);
        Assert.Equal([IoiRole.NegativeNameMover], (mover with { PathToLogits = 0.3, NegativeCopying = 0.98 }).Roles);
        Assert.Equal([IoiRole.SInhibition],
            new IoiHead(new HeadName(7, 3)) { PathToQueries = -0.1, EndToSecond = 0.5 }.Roles);
        Assert.Equal([IoiRole.Induction], new IoiHead(new HeadName(5, 5)) { SecondToNext = 0.5 }.Roles);
        Assert.Equal([IoiRole.DuplicateToken], new IoiHead(new HeadName(3, 0)) { SecondToGiver = 0.5 }.Roles);
        Assert.Equal([IoiRole.PreviousToken], new IoiHead(new HeadName(4, 11)) { NextToGiver = 0.5 }.Roles);
    }
}
