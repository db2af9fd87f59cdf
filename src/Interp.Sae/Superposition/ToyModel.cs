using Interp.Torch;
using Interp.Torch.Optim;
using Interp.Training;

namespace Interp.Sae.Superposition;

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
public sealed class ToyModel : IDisposable
{
    private readonly Generator generator;
    private readonly AdamW optimizer;
    private readonly Tensor importance;

    /// <param name="options">What to train; checked here.</param>
    public ToyModel(ToyModelOptions options)
    {
        Options = options.Validate();
        generator = new Generator(options.Seed);
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var count = options.Instances.Count;
        var deviation = Math.Sqrt(2.0 / (options.Features + options.Hidden)); // Glorot's normal for each instance
        W = (torch.randn([count, options.Features, options.Hidden],
            generator) * deviation).DetachFromDisposeScope().requires_grad_();
        B = torch.zeros([count, 1, options.Features]).DetachFromDisposeScope().requires_grad_();
        importance = torch.tensor(options.Instances.SelectMany(i => i.Importance).Select(i => (float)i).ToArray(),
            [count, 1, options.Features])
            .DetachFromDisposeScope();
        Data = new ToyData(options);
        optimizer = new AdamW([W, B],
            new AdamWOptions { LearningRate = options.LearningRate, WeightDecay = options.WeightDecay });
    }

    /// <summary>The options.</summary>
    public ToyModelOptions Options { get; }

    /// <summary>The directions of features [instance, feature, hidden].</summary>
    public Tensor W { get; }

    /// <summary>The biases [instance, 1, feature].</summary>
    public Tensor B { get; }

    /// <summary>Where examples come from.</summary>
    public ToyData Data { get; }

    /// <summary>What the models make of features.</summary>
    /// <param name="x">[instance, batch, feature]</param>
    /// <returns>[instance, batch, feature]</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        var y = x.bmm(W).bmm(W.transpose(1, 2)) + B;
        return scope.MoveToOuter(Options.Relu ? y.relu() : y);
    }

    /// <summary>The loss of each instance [instance] on features [instance, batch, feature].</summary>
    public Tensor Losses(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(((x - Forward(x)).square() * importance).sum(-1).mean(-1));
    }

    /// <summary>Trains all instances for the steps of the options.</summary>
    /// <param name="progress">Gets the sum of losses.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public void Train(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        using var gradients = torch.enable_grad();
        for (var step = 1; step <= Options.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            optimizer.zero_grad();
            var loss = Losses(Data.Draw(Options.Batch, generator)).sum();
            loss.backward();
            optimizer.step();
            if (progress is not null && (step % 100 == 0 || step == Options.Steps))
                progress.Report(new TrainingProgress(step, Options.Steps, loss.item<double>(), ""));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        W.Dispose();
        B.Dispose();
        importance.Dispose();
        Data.Dispose();
        optimizer.Dispose();
        generator.Dispose();
    }
}
