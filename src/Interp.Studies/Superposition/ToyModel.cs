using Interp.Tensors;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Superposition;

/// <summary>Models that squeeze sparse features into fewer dimensions and must get them back, many trained at
/// once.</summary>
/// <remarks>
/// Problem: why do single neurons mean many things? Idea: the smallest model in which it happens and can be seen
/// (Elhage et al. 2022, "Toy Models of Superposition"). With features x, on with probability p and then uniform in 0 to
/// 1:
/// <code>
/// h  = x W           W [features, hidden]: row i is the direction of feature i
/// x′ = ReLU(h Wᵀ + b)
/// L  = mean Σᵢ Iᵢ (xᵢ − x′ᵢ)²
/// </code>
/// <see cref="ToyArchitecture"/> has the other models of the paper.
/// <code>
/// var options = new ToyModelOptions
/// {
///     Features = 5,
///     Hidden = 2,
///     Instances = [ToyInstance.Geometric(1, 5, 0.9), ToyInstance.Geometric(0.05, 5, 0.9)],
/// };
/// using var model = new ToyModel(options);
/// model.Train(progress: null, CancellationToken.None);
/// Console.WriteLine(FeatureGeometry.Dimensionality(model.W)); // the dense one drops features, the sparse one packs
/// them
/// </code>
/// </remarks>
public sealed partial class ToyModel : IDisposable
{
    private readonly Generator generator;
    private readonly FusedAdamW optimizer;
    private readonly Tensor importance;

    /// <param name="options">What to train; checked here.</param>
    public ToyModel(ToyModelOptions options)
    {
        Options = options.Validate();
        generator = new Generator(options.Seed);
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var count = options.Instances.Count;
        W = Glorot([count, options.Features, options.Hidden]);
        if (options.Architecture == ToyArchitecture.AbsoluteValue)
            V = Glorot([count, options.Hidden, options.Features]);
        B = torch.zeros([count, 1, options.Features]).DetachFromDisposeScope().requires_grad_();
        importance = torch.tensor(options.Instances.SelectMany(i => i.Importance).Select(i => (float)i).ToArray(),
            [count, 1, options.Features])
            .DetachFromDisposeScope();
        Data = new ToyData(options);
        optimizer = new FusedAdamW(V is null ? [W, B] : [W, V, B], options.LearningRate, weight_decay: options.WeightDecay);
    }

    /// <summary>The options.</summary>
    public ToyModelOptions Options { get; }

    /// <summary>The directions of features [instance, feature, hidden].</summary>
    public Tensor W { get; }

    /// <summary>The way back [instance, hidden, feature] of the absolute-value model; null for the others, which use
    /// <see cref="W"/> for both.</summary>
    public Tensor? V { get; }

    /// <summary>The biases [instance, 1, feature].</summary>
    public Tensor B { get; }

    /// <summary>Where examples come from.</summary>
    public ToyData Data { get; }

    /// <summary>Steps that were trained.</summary>
    public int StepsDone { get; private set; }

    /// <summary>The hidden values [instance, batch, hidden] of features [instance, batch, feature].</summary>
    public Tensor HiddenValues(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        var h = x.bmm(W);
        return scope.MoveToOuter(Options.Architecture >= ToyArchitecture.ReluHidden ? h.relu() : h);
    }

    /// <summary>What the models make of features.</summary>
    /// <param name="x">[instance, batch, feature]</param>
    /// <returns>[instance, batch, feature]</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        var y = HiddenValues(x).bmm(V ?? W.transpose(1, 2)) + B;
        return scope.MoveToOuter(Options.Architecture == ToyArchitecture.Linear ? y : y.relu());
    }

    /// <summary>The loss of each instance [instance] on features [instance, batch, feature].</summary>
    public Tensor Losses(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter((SquaredErrors(x) * importance).sum(-1).mean(-1));
    }

    /// <summary>(target − output)² [instance, batch, feature]; the target is x, or |x|.</summary>
    public Tensor SquaredErrors(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter((Target(x) - Forward(x)).square());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        W.Dispose();
        V?.Dispose();
        B.Dispose();
        importance.Dispose();
        Data.Dispose();
        optimizer.Dispose();
        generator.Dispose();
    }

    /// <summary>Glorot's normal for each instance.</summary>
    private Tensor Glorot(long[] shape)
    {
        var deviation = Math.Sqrt(2.0 / (shape[1] + shape[2]));
        return (torch.randn(shape, generator: generator) * deviation).DetachFromDisposeScope().requires_grad_();
    }
}
