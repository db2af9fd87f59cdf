using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Probing;

/// <summary>Chooses the features that tell a label.</summary>
internal static class FeatureSelection
{
    private const int Chunk = 512, MostSteps = 500;

    /// <summary>Features of rows, a part at a time, with only some columns kept.</summary>
    internal static Tensor Columns(SparseCoder dictionary, Tensor rows, Tensor columns)
    {
        using var scope = torch.NewDisposeScope();
        var parts = new List<Tensor>();
        for (var start = 0L; start < rows.size(0); start += Chunk)
        {
            using var inner = torch.NewDisposeScope();
            var features = dictionary.Encode(rows.narrow(0, start, Math.Min(Chunk, rows.size(0) - start)));
            parts.Add(inner.MoveToOuter(features.index_select(1, columns).to(ScalarType.Float64)));
        }

        return scope.MoveToOuter(torch.cat([.. parts], 0));
    }

    /// <summary>mean over true rows − mean over false rows, of every feature [d_sae], float64.</summary>
    internal static Tensor MeanDifference(SparseCoder dictionary, LabelledActivations data)
    {
        using var scope = torch.NewDisposeScope();
        var targets = data.Targets();
        // ±1/n of the row's class: the sum over rows is the difference of the means.
        var weights = targets / data.Positives - (1 - targets) / (data.Labels.Count - data.Positives);
        var sum = torch.zeros([dictionary.DSae], ScalarType.Float64, data.Rows.device);
        for (var start = 0L; start < data.Rows.size(0); start += Chunk)
        {
            using var inner = torch.NewDisposeScope();
            var count = Math.Min(Chunk, data.Rows.size(0) - start);
            var features = dictionary.Encode(data.Rows.narrow(0, start, count)).to(ScalarType.Float64);
            sum.add_(weights.narrow(0, start, count).MatMul(features));
        }

        return scope.MoveToOuter(sum);
    }

    /// <summary>
    /// Weights of a sparse logistic regression on columns [n, m]: the mean of the losses, those of true rows weighing as
    /// many times as there are more false ones, plus λ Σ |w|; by accelerated proximal steps (FISTA; Beck and Teboulle
    /// 2009) from zero.
    /// </summary>
    internal static Tensor SparseWeights(Tensor columns, Tensor targets, double penalty)
    {
        using var scope = torch.NewDisposeScope();
        var (n, positives) = ((double)targets.numel(), targets.sum().ToDouble());
        var share = (targets * ((n - positives) / positives) + (1 - targets)) / n;
        var x = torch.cat([columns, torch.ones([columns.size(0), 1], columns.dtype, columns.device)], 1);
        var w = torch.zeros([x.size(1)], ScalarType.Float64, x.device);
        var (ahead, t) = (w, 1.0);
        var step = 1 / Steepest(x, share);
        for (var i = 0; i < MostSteps; i++)
        {
            using var inner = torch.NewDisposeScope();
            var gradient = x.t().MatMul(share * (x.MatMul(ahead).sigmoid() - targets));
            var next = ahead - gradient * step;
            var shrunk = next.sign() * (next.abs() - penalty * step).clamp_min(0);
            next = torch.cat([shrunk.narrow(0, 0, columns.size(1)), next.narrow(0, columns.size(1), 1)], 0);
            var later = (1 + Math.Sqrt(1 + 4 * t * t)) / 2;
            var change = next - w;
            (ahead, t) = (inner.MoveToOuter(next + change * ((t - 1) / later)), later);
            w = inner.MoveToOuter(next);
            if (change.abs().max().ToDouble() <= 1e-7) break;
        }

        return scope.MoveToOuter(w.narrow(0, 0, columns.size(1)).clone());
    }

    /// <summary>A bound of the curvature: ¼ times the largest eigenvalue of Xᵀ S X, by power iteration.</summary>
    private static double Steepest(Tensor x, Tensor share)
    {
        using var scope = torch.NewDisposeScope();
        var v = torch.ones([x.size(1)], x.dtype, x.device);
        var value = 1.0;
        for (var i = 0; i < 30; i++)
        {
            v = x.t().MatMul(share * x.MatMul(v));
            value = v.norm().ToDouble();
            if (value == 0) return 1;
            v = v / value;
        }

        return value / 4 * 1.1; // the iteration comes from below
    }
}
