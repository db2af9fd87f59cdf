using Interp.Circuits.Heads;
using Interp.Circuits.Tests.Heads;
using Interp.Models;
using Interp.Studies.InductionHeads;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.InductionHeads;

/// <summary>Each measurement against what it is defined as, computed the plain way.</summary>
public sealed class InductionPartsTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly HookedTransformer model = SmallModels.Attention(layers: 2).Process();

    public void Dispose()
    {
        model.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void Losses_are_split_where_looking_back_begins_to_help()
    {
        using var sequences = Sequences(); // 25 tokens twice and more, no start token
        var length = (int)sequences.Tokens.size(1);
        // Entry i predicts token i + 1; token 25 begins the second copy, which nothing tells.
        var losses = Enumerable.Range(0, length - 1).Select(i => i + 1 < 25 ? 3.0 : i + 1 == 25 ? 1000 : 1.0).ToArray();
        Assert.Equal((3.0, 1.0), InductionDetection.Split(losses, sequences));
    }

    [Fact]
    public void The_in_context_score_is_the_late_loss_less_the_early_one()
    {
        // The loss of the n-th token is entry n − 2.
        var losses = torch.arange(600).to(ScalarType.Float32).unsqueeze(0);
        Assert.Equal(450, InContextScore.Of(losses));
        Assert.Equal(3, InContextScore.Of(losses * losses, early: 2, late: 3, width: 2) + 1, 5);
        Assert.Contains("needs losses of 499 predictions; there are 40",
            Assert.Throws<ArgumentException>(() => InContextScore.Of(losses.narrow(1, 0, 40))).Message);
    }

    [Fact]
    public void A_head_that_raises_what_it_reads_copies_and_one_that_lowers_it_does_not()
    {
        using var sequences = Sequences();
        // Orthogonal embeddings, which the unembedding reads off: values W_E[x] through W_O = ±1 say x, or anything but x.
        var eye = torch.eye(50);
        using var copying = new Built(eye, eye, 1);
        using var lowering = new Built(eye, eye, -1);
        double Score(Built built) => OVCopying.Score(built.Model, 0, eye.index_select(0, sequences.Tokens.flatten())
            .view(sequences.Tokens.size(0), sequences.Tokens.size(1), 1, 50), sequences).Single();
        Assert.Equal(1, Score(copying), 5);
        Assert.Equal(0, Score(lowering), 5);
    }

    [Fact]
    public void Tokens_match_themselves_where_the_later_head_undoes_what_the_earlier_one_wrote()
    {
        var eye = torch.eye(50);
        using var built = new Built(eye, eye, 1);
        var (earlier, later) = (new HeadName(0, 0), new HeadName(1, 0));
        Assert.Equal(new TokenMatch(1, 1, 50), TokenMatch.Of(built.Model, TokenMatch.Embeddings(built.Model), earlier, later));
        // One place to the side: every token looks for the next one.
        using var shifted = new Built(eye, eye.roll([1], [1]), 1);
        var match = TokenMatch.Of(shifted.Model, shifted.Model.W_E, earlier, later);
        Assert.Equal(0, match.SelfMatch);
        Assert.Equal(0, match.Eigenvalues, 4);
    }

    [Fact]
    public void The_contrast_of_a_path_is_the_change_of_scores_when_keys_lack_it()
    {
        using var sequences = Sequences();
        var (sender, length) = (new HeadName(0, 1), sequences.Tokens.size(1));
        var found = KeyPaths.Contrasts(model, sequences, [new HeadName(0, 0), sender], CancellationToken.None);
        Assert.Equal(4, found.Count);

        var (_, cache) = model.RunWithCache(sequences.Tokens);
        var written = cache["z", 0].select(2, 1).MatMul(model.W_O(0).select(0, 1));
        Tensor Keys(Tensor stream) // LayerNorm without weights, then head 0's keys
        {
            var centred = stream - stream.mean([-1], keepdim: true);
            var normed = centred / (centred.pow(2).mean([-1], keepdim: true) + model.Config.Eps).sqrt();
            return normed.MatMul(model.W_K(1).select(0, 0)) + model.b_K(1).select(0, 0);
        }
        var change = Keys(cache["resid_pre", 1]) - Keys(cache["resid_pre", 1] - written); // [sequence, pos, d_head]
        var scores = cache["q", 1].select(2, 0).MatMul(change.mT) / Math.Sqrt(model.Config.DHead);
        var expected = new List<double>();
        for (var query = 25; query < (int)length; query++)
        {
            var row = scores.select(1, query).narrow(1, 0, query + 1).mean([0]).ToArray<float>();
            expected.Add(Enumerable.Range(1, query / 25).Average(back => row[query - 25 * back + 1]) - row.Average());
        }
        Assert.Equal(expected.Average(), found[(sender, new HeadName(1, 0))], 5);
    }

    [Fact]
    public void Heads_are_replaced_by_zeros_means_or_what_they_say_of_other_texts()
    {
        using var sequences = Sequences();
        using var others = Sequences(seed: 9);
        using var runner = new KnockoutRunner(model, sequences, others, [new HeadName(1, 0)]);
        var elsewhere = model.CacheOnly(others.Tokens, ["blocks.0.attn.hook_z"])["z", 0];
        double Loss(Func<Tensor, Tensor> change)
        {
            var logits = model.RunWithHooks(sequences.Tokens, ("blocks.0.attn.hook_z", (z, _) =>
            {
                var changed = z.clone();
                changed.select(2, 1).copy_(change(changed.select(2, 1)));
                return changed;
            }
            ));
            return HookedTransformer.LossPerToken(logits, sequences.Tokens)[.., 25..].mean().ToSingle();
        }
        HeadName[] head = [new(0, 1)];
        Assert.Equal(Loss(z => z), runner.Run([], HeadRemoval.Zero).RepeatedLoss, 5);
        Assert.Equal(Loss(z => torch.zeros_like(z)), runner.Run(head, HeadRemoval.Zero).RepeatedLoss, 5);
        Assert.Equal(Loss(z => z.mean([0, 1], keepdim: true)), runner.Run(head, HeadRemoval.Mean).RepeatedLoss, 5);
        Assert.Equal(Loss(_ => elsewhere.select(2, 1)), runner.Run(head, HeadRemoval.Patch).RepeatedLoss, 5);
        Assert.Equal(4, new[] { Loss(z => z), Loss(z => torch.zeros_like(z)), Loss(z => z.mean([0, 1], keepdim: true)), Loss(_ => elsewhere.select(2, 1)) }.Distinct().Count());
    }

    [Fact]
    public void The_logit_of_the_repeated_token_is_that_of_the_token_that_comes_next()
    {
        using var sequences = Sequences();
        var logits = model.Forward(sequences.Tokens);
        var next = sequences.Tokens[.., 1..];
        var right = logits[.., ..^1].gather(2, next.unsqueeze(-1)).squeeze(-1)[.., 25..].mean().ToSingle();
        Assert.Equal(right, new RepeatedTokenLogit(sequences).Of(logits).ToSingle(), 5);
    }

    private RepeatedSequences Sequences(ulong seed = 0) => RepeatedSequences.Create(model, new HeadScoreOptions { Sequences = 3, Seed = seed });

    /// <summary>Two layers of one head as wide as the stream: every matrix the unit matrix but those given.</summary>
    private sealed class Built : IDisposable
    {
        internal Built(Tensor embedding, Tensor unembedding, float output)
        {
            using var generator = new Generator(0);
            Model = ModelInitializer.Create(new HookedTransformerConfig
            {
                NLayers = 2,
                DModel = 50,
                NHeads = 1,
                DHead = 50,
                NCtx = 128,
                DVocab = 50,
                AttnOnly = true,
                NormalizationType = NormalizationType.None,
            }, generator);
            Model.W_E.copy_(embedding);
            Model.W_U.copy_(unembedding);
            for (var layer = 0; layer < 2; layer++)
            {
                foreach (var weight in (Tensor[])[Model.W_Q(layer), Model.W_V(layer)]) weight.copy_(torch.eye(50).unsqueeze(0));
                // Keys turn the tokens as the unembedding does.
                Model.W_K(layer).copy_(unembedding.unsqueeze(0));
                Model.W_O(layer).copy_(torch.eye(50).unsqueeze(0) * output);
            }
        }

        internal HookedTransformer Model { get; }

        public void Dispose() => Model.Dispose();
    }
}
