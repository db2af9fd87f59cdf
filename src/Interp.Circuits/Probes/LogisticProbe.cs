using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Probes;

/// <summary>A linear classifier of activations: p(class | x) = softmax(x · W + b) (Alain and Bengio 2016).</summary>
/// <remarks>
/// Problem: does an activation hold some information in a form that a linear map can read? Idea: fit the map, and see
/// how often it is right on examples that it was not fitted to; and how often when labels are shuffled, for with many
/// features something can always be fitted. Two classes have one weight vector, of which the sign says which class.
/// The fit is full-batch L-BFGS in float64 from zero: no randomness, and one minimum.
/// <code>
/// var probe = LogisticProbe.Fit(train, labels);          // [n, d], [n]
/// Console.WriteLine(probe.Accuracy(test, testLabels));
/// </code>
/// </remarks>
public sealed class LogisticProbe : IProbe
{
    private LogisticProbe(Tensor weight, Tensor bias, int classes, int iterations, bool converged)
    {
        Weight = weight;
        Bias = bias;
        Classes = classes;
        Iterations = iterations;
        Converged = converged;
    }

    /// <summary>[1, d] for two classes, else [classes, d]; float64.</summary>
    public Tensor Weight { get; }

    /// <summary>[1] for two classes, else [classes]; zeros without biases.</summary>
    public Tensor Bias { get; }

    /// <inheritdoc/>
    public int Classes { get; }

    /// <summary>Steps of the fit.</summary>
    public int Iterations { get; }

    /// <summary>
    /// Whether the fit reached its tolerance. If not: more steps, or a penalty where classes do not overlap.
    /// </summary>
    public bool Converged { get; }

    /// <summary>Fits a probe.</summary>
    /// <param name="features">[n, d]</param>
    /// <param name="labels">Integers [n], from 0.</param>
    /// <param name="options">The penalty and when to stop.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or there is only one class.</exception>
    public static LogisticProbe Fit(Tensor features, Tensor labels, LogisticProbeOptions? options = null,
        CancellationToken cancellation = default)
    {
        options ??= new LogisticProbeOptions();
        options.Check();
        var classes = ProbeData.Check(features, labels);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var (x, mean, scale) = Standardized(features.to(ScalarType.Float64), options.Standardize);
        var y = labels.to(ScalarType.Int64, features.device);
        var (outputs, width) = (classes == 2 ? 1 : classes, x.size(1));
        var parameters = torch.zeros([outputs * (width + 1)], ScalarType.Float64, features.device);
        var targets = classes == 2
            ? y.to(ScalarType.Float64).unsqueeze(1) : torch.nn.functional.one_hot(y, classes).to(ScalarType.Float64);
        var (steps, converged) = Lbfgs.Minimize(parameters, p => Loss(p, x, targets, outputs, options),
            options.Tolerance, options.MaxIterations, cancellation);
        var all = parameters.view(outputs, width + 1);
        // From standardized features back to those that came.
        var weight = all.narrow(1, 0, width) / scale;
        var bias = all.select(1, width) - weight.MatMul(mean);
        return new LogisticProbe(scope.MoveToOuter(weight),
            scope.MoveToOuter(options.Bias ? bias : torch.zeros_like(bias)), classes, steps, converged);
    }

    /// <inheritdoc/>
    public Tensor Logits(Tensor features)
    {
        using var scope = torch.NewDisposeScope();
        var scores = features.to(ScalarType.Float64).MatMul(Weight.t()) + Bias; // [n, outputs]
        return scope.MoveToOuter(Classes == 2 ? torch.cat([torch.zeros_like(scores), scores], 1) : scores);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Weight.Dispose();
        Bias.Dispose();
    }

    private static (Tensor X, Tensor Mean, Tensor Scale) Standardized(Tensor x, bool standardize)
    {
        if (!standardize)
            return (x, torch.zeros([x.size(1)], x.dtype, x.device), torch.ones([x.size(1)], x.dtype, x.device));
        var (scale, mean) = x.std_mean([0], unbiased: false);
        // A feature that never changes tells nothing; it is left as zero.
        scale = scale.masked_fill(scale.lt(1e-12), 1.0);
        return ((x - mean) / scale, mean, scale);
    }

    /// <summary>Mean of −log p(label) + L2/2 Σ w², and its gradient Xᵀ(p − y)/n + L2 w.</summary>
    private static (double Value, Tensor Gradient) Loss(Tensor parameters, Tensor x, Tensor targets, long outputs,
        LogisticProbeOptions options)
    {
        using var scope = torch.NewDisposeScope();
        var width = x.size(1);
        var all = parameters.view(outputs, width + 1);
        var (weight, bias) = (all.narrow(1, 0, width), all.select(1, width));
        var scores = x.MatMul(weight.t()) + bias;
        var (losses, probabilities) = outputs == 1
            ? (torch.nn.functional.softplus(scores) - scores * targets, scores.sigmoid())
            : (-(scores.log_softmax(1) * targets).sum(1), scores.softmax(1));
        var value = losses.mean() + 0.5 * options.L2 * weight.square().sum();
        var error = (probabilities - targets) / (double)x.size(0); // [n, outputs]
        var slope = error.t().MatMul(x) + options.L2 * weight;
        var ofBias = options.Bias ? error.sum([0]) : torch.zeros_like(bias);
        return (value.ToDouble(), scope.MoveToOuter(torch.cat([slope, ofBias.unsqueeze(1)], 1).flatten()));
    }
}
