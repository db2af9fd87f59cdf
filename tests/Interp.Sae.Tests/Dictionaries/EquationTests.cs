using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Dictionaries;

/// <summary>Each kind against its equations, number by number.</summary>
public class EquationTests
{
    [Fact]
    public void Gated_features_are_on_where_the_gate_is_and_as_strong_as_the_magnitude()
    {
        using var scope = torch.NewDisposeScope();
        using var d = Kinds.Create("gated");
        var x = Kinds.Input(d);
        var f = d.Encode(x);
        var a = (x - d["b_dec"]).MatMul(d["W_enc"]);
        for (var b = 0; b < 9; b++)
        {
            for (var i = 0; i < 16; i++)
            {
                var product = a[b, i].ToDouble();
                var open = product + d["b_gate"][i].ToDouble() > 0;
                var magnitude = Math.Max(product * Math.Exp(d["r_mag"][i].ToDouble())
                    + d["b_mag"][i].ToDouble(), 0);
                Assert.Equal(open ? magnitude : 0, f[b, i].ToDouble(), 4);
            }
        }
    }

    [Theory]
    [InlineData("topk")]
    [InlineData("topk without norms")]
    public void TopK_keeps_the_k_strongest(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var d = Kinds.Create(name);
        var x = Kinds.Input(d);
        var z = (x - d["b_dec"]).MatMul(d["W_enc"]) + d["b_enc"];
        if (name == "topk") z = z * d.DecoderNorms();
        var f = d.Encode(x);
        for (var b = 0; b < 9; b++)
        {
            var row = z[b].ToArray<float>();
            var least = row.OrderDescending().ElementAt(3);
            var expected = row.Select(value => value >= least ? Math.Max(value, 0) : 0).ToArray();
            Kinds.Close(torch.tensor(expected), f[b], 1e-6);
        }
    }

    [Fact]
    public void BatchTopK_keeps_k_on_average_in_training_and_those_above_the_threshold_in_use()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(1);
        using var d = (BatchTopKSae)Kinds.Options("batchtopk").Create(generator);
        d.RequireGradients();
        var x = Kinds.Input(d, 50);
        Assert.Equal(-1, d.Threshold);
        var f = d.Loss(x, x, LossContext.Default).Features.detach();
        Assert.Equal(4 * 50, f.gt(0).sum().ToInt64());
        Assert.True(f.gt(0).sum(1).ne(4).any().ToBoolean(), "k on average, not in every row");
        var smallest = f.masked_select(f.gt(0)).min().ToSingle();
        Assert.Equal(smallest, d.Threshold, 1e-7);

        // The next batch moves it by a hundredth of the way.
        var other = Kinds.Input(d, 50, seed: 9) * 3;
        var g = d.Loss(other, other, LossContext.Default).Features.detach();
        var next = g.masked_select(g.gt(0)).min().ToSingle();
        Assert.Equal(smallest + 0.01 * (next - smallest), d.Threshold, 1e-6);

        using var noGrad = torch.no_grad();
        var used = d.Encode(x);
        Assert.Equal(0, (used.gt(0) & used.le(d.Threshold)).sum().ToInt64());
        Assert.True(used.gt(0).sum().ToInt64() > 0);
        var before = d.Threshold;
        d.Loss(other, other, LossContext.Default); // evaluation leaves it alone
        Assert.Equal(before, d.Threshold);
    }

    [Fact]
    public void Every_prefix_of_a_Matryoshka_dictionary_is_charged_for_its_own_error()
    {
        using var scope = torch.NewDisposeScope();
        using var d = Kinds.Create("matryoshka");
        var x = Kinds.Input(d);
        var loss = d.Loss(x, x, LossContext.Default);
        var expected = 0.0;
        foreach (var width in new[] { 4, 8, 16 })
        {
            var part = loss.Features.clone();
            if (width < 16) part.narrow(1, width, 16 - width).zero_();
            expected += (d.Decode(part) - x).square().sum(1).mean().ToDouble();
        }

        Assert.Equal(expected, loss.Total.ToDouble(), 3);
    }

    [Fact]
    public void Dead_features_rebuild_what_the_others_leave()
    {
        using var scope = torch.NewDisposeScope();
        using var d = (TopKSae)Kinds.Create("topk");
        var x = Kinds.Input(d);
        var dead = torch.zeros([16], ScalarType.Bool);
        dead.fill_(1, 2);
        dead.fill_(1, 5);
        var loss = d.Loss(x, x, new LossContext(1, dead));
        var z = ((x - d["b_dec"]).MatMul(d["W_enc"]) + d["b_enc"]).relu();
        var own = torch.zeros([9, 6]);
        foreach (var i in new[] { 2, 5 }) own = own + z[.., i].unsqueeze(1) * d["W_dec"][i];
        var error = (own - (x - loss.Output)).square().sum(1).mean().ToDouble();
        // Two dead ones of the three (d_in / 2) that the term would use.
        Assert.Equal(error / 32 * 2 / 3, loss.Auxiliary.ToDouble(), 4);
        Assert.Equal(0, d.Loss(x, x, LossContext.Default).Auxiliary.ToDouble());
    }

    [Fact]
    public void The_penalties_of_JumpReLU_are_counts_and_tanh_of_contributions()
    {
        using var scope = torch.NewDisposeScope();
        using var step = Kinds.Create("jumprelu");
        using var tanh = Kinds.Create("jumprelu tanh");
        var x = Kinds.Input(step);
        Assert.Equal(step.Encode(x).gt(0).sum().ToInt64() / 9.0,
            step.Loss(x, x, LossContext.Default).Sparsity.ToDouble(), 4);
        Assert.Equal((tanh.Encode(x) * tanh.DecoderNorms() * 4).tanh().sum().ToDouble() / 9,
            tanh.Loss(x, x, LossContext.Default).Sparsity.ToDouble(), 4);
        var all = torch.ones([16], ScalarType.Bool);
        var z = (x - tanh["b_dec"]).MatMul(tanh["W_enc"]) + tanh["b_enc"];
        var pulled = 3e-6 * ((0.05 - z).relu() * tanh.DecoderNorms()).sum().ToDouble() / 9;
        Assert.Equal(pulled, tanh.Loss(x, x, new LossContext(1, all)).Auxiliary.ToDouble(), 1e-8);
        Assert.True(pulled > 1e-6);
    }

    [Fact]
    public void A_crosscoder_reads_and_writes_all_sites()
    {
        using var scope = torch.NewDisposeScope();
        using var d = (Crosscoder)Kinds.Create("crosscoder");
        var x = Kinds.Input(d);
        var z = d["b_enc"];
        for (var site = 0; site < 3; site++) z = z + x[.., site].MatMul(d["W_enc"][site]);
        var f = z.relu();
        Kinds.Close(f, d.Encode(x));
        var output = d.Forward(x);
        var norms = torch.zeros([16]);
        for (var site = 0; site < 3; site++)
        {
            Kinds.Close(f.MatMul(d["W_dec"][.., site]) + d["b_dec"][site], output[.., site]);
            norms = norms + torch.linalg.vector_norm(d["W_dec"][.., site], dims: [1]);
        }

        Assert.Equal(2 * f.MatMul(norms).mean().ToDouble(),
            d.Loss(x, x, LossContext.Default).Sparsity.ToDouble(), 3);
        Kinds.Close(torch.ones([16]), d.RelativeNorms(0) + d.RelativeNorms(1) + d.RelativeNorms(2));
    }

    [Fact]
    public void Warm_up_scales_the_sparsity_term_only()
    {
        using var scope = torch.NewDisposeScope();
        using var d = Kinds.Create("standard");
        var x = Kinds.Input(d);
        var (whole, half) = (d.Loss(x, x, LossContext.Default), d.Loss(x, x, new LossContext(0.5)));
        Assert.Equal(whole.Sparsity.ToDouble() / 2, half.Sparsity.ToDouble(), 5);
        Assert.Equal(whole.Reconstruction.ToDouble(), half.Reconstruction.ToDouble());
        Assert.Equal((d.Encode(x) * d.DecoderNorms()).sum().ToDouble() / 9, whole.Sparsity.ToDouble(), 4);
    }
}
