using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>A sparse autoencoder with k features on average: the batch's k·N strongest activations are on.</summary>
/// <remarks>
/// <code>
/// z = ReLU((x − b_dec) W_enc + b_enc)
/// training: f = z where z is among the k · batch largest of the batch, else 0
/// use:      f = z · 1[z &gt; θ],   θ = running mean of the smallest activation that was on
/// x̂ = f W_dec + b_dec
/// </code>
/// Bussmann, Leask and Nanda 2024 (arXiv 2412.06410). θ starts at the first batch's value and moves by
/// <see cref="BatchTopKOptions.ThresholdRate"/> in every step; one θ makes an input's features independent of its
/// batch.
/// </remarks>
public class BatchTopKSae : TopKSae
{
    /// <summary>θ before the first step.</summary>
    private const double Unset = -1;

    internal BatchTopKSae(BatchTopKOptions options, Generator generator) : base(options, generator) =>
        Buffer("threshold", torch.full([], Unset, ScalarType.Float32, generator.device));

    /// <summary>θ, what an activation must exceed in use; −1 before the first step of training.</summary>
    public double Threshold => this["threshold"].ToDouble();

    private protected override Tensor EncodeCore(Tensor x)
    {
        var z = PreActivations(x).relu();
        return z * z.gt(this["threshold"]).to(z.dtype);
    }

    private protected override DictionaryLoss LossCore(Tensor input, Tensor target, LossContext context)
    {
        var z = PreActivations(input);
        var features = Select(z.relu());
        if (torch.is_grad_enabled()) MoveThreshold(features); // only training moves it
        var output = DecodeCore(features);
        var error = SquaredError(output, target);
        var auxiliary = Revive(z, target - output.detach(), context.Dead);
        return new DictionaryLoss(error + auxiliary, error, Zero(), auxiliary, features, output);
    }

    private protected Tensor Select(Tensor z)
    {
        var flat = z.flatten();
        var (values, indices) = flat.topk((int)(TopK.K * z.size(0)), -1, true, false);
        return torch.zeros_like(flat).scatter(0, indices, values).view_as(z);
    }

    private protected override SparseRows Choose(Tensor a, Tensor? norms)
    {
        var on = SparseRows.Top(a, norms, TopK.K, true);
        MoveThreshold(norms is null ? on.Values : on.Values * norms.index_select(0, on.Columns));
        return on;
    }

    private protected void MoveThreshold(Tensor features)
    {
        using var noGrad = torch.no_grad();
        if (features.numel() == 0) return;
        var smallest = torch.where(features.gt(0), features.detach(), double.PositiveInfinity).min();
        var threshold = this["threshold"];
        if (!smallest.isfinite().ToBoolean()) return;
        if (threshold.ToDouble() < 0) threshold.copy_(smallest);
        else threshold.lerp_(smallest, ((BatchTopKOptions)TopK).ThresholdRate);
    }
}
