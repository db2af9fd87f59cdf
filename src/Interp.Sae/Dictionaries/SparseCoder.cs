using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>A dictionary of directions that rebuilds activations from a few of them at a time.</summary>
/// <remarks>
/// Problem: a model has more concepts than dimensions, so single neurons mean many things (superposition). Idea: learn
/// an overcomplete set of directions such that every activation is a sum of few (Cunningham et al. 2023; Bricken et
/// al. 2023).
/// <code>
/// using var generator = new Generator(seed: 0);
/// using var dictionary = new TopKOptions { DIn = 64, DSae = 512, K = 8 }.Create(generator);
/// var features = dictionary.Encode(x);      // [batch, d_sae], few of them not zero
/// var rebuilt = dictionary.Decode(features); // [batch, d_in]
/// </code>
/// Weights have SAELens's names and shapes: <c>W_enc [d_in, d_sae]</c>, <c>W_dec [d_sae, d_out]</c>, <c>b_enc</c>,
/// <c>b_dec</c>. The dictionary owns them.
/// </remarks>
public abstract class SparseCoder : IDisposable
{
    private readonly List<(string Name, Tensor Tensor)> weights = [];
    private readonly HashSet<string> buffers = [];

    private protected SparseCoder(DictionaryOptions options) => Options = options;

    /// <summary>What the dictionary is.</summary>
    public DictionaryOptions Options { get; private protected set; }

    /// <summary>The width of the activations that are read.</summary>
    public int DIn => Options.DIn;

    /// <summary>The number of features.</summary>
    public int DSae => Options.DSae;

    /// <summary>The shape of one input: [d_in], or [sites, d_in] of a crosscoder.</summary>
    public virtual long[] InputShape => [DIn];

    /// <summary>The shape of one output.</summary>
    public virtual long[] OutputShape => InputShape;

    /// <summary>All tensors by name, those that are not trained included.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> Weights => weights;

    /// <summary>The tensors that are trained.</summary>
    public IEnumerable<Tensor> Parameters =>
        weights.Where(pair => !buffers.Contains(pair.Name)).Select(pair => pair.Tensor);

    /// <summary>The device of the weights.</summary>
    public Device Device => weights[0].Tensor.device;

    /// <summary>A weight by its name.</summary>
    /// <exception cref="KeyNotFoundException">This kind has none of that name.</exception>
    public Tensor this[string name] => weights.Find(pair => pair.Name == name).Tensor
        ?? throw new KeyNotFoundException($"{GetType().Name} has no weight '{name}'; it has "
            + $"{string.Join(", ", weights.Select(w => w.Name))}");

    /// <summary>The features of activations.</summary>
    /// <param name="x">[…, d_in], or […, sites, d_in] for a crosscoder.</param>
    /// <returns>[…, d_sae]</returns>
    /// <exception cref="ArgumentException">The width is another.</exception>
    public Tensor Encode(Tensor x)
    {
        CheckInput(x, InputShape, "encode");
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(EncodeCore(Statistics(x)?.Normalize(x) ?? x));
    }

    /// <summary>Activations from features.</summary>
    /// <param name="features">[…, d_sae]</param>
    /// <returns>[…, d_out]</returns>
    /// <exception cref="ArgumentException">The number of features is another.</exception>
    /// <exception cref="InvalidOperationException">The dictionary normalizes its inputs: the reconstruction depends on
    /// more than the features.</exception>
    public Tensor Decode(Tensor features)
    {
        CheckInput(features, [DSae], "decode");
        if (Options.InputNormalization != InputNormalization.None)
            throw new InvalidOperationException($"decode: this dictionary normalizes every input "
                + $"({Options.InputNormalization}), so features alone give no reconstruction; use Decode(features, "
                + "input)");
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(DecodeCore(features));
    }

    /// <summary>
    /// Activations from features, some of which may have been changed, of an input: with what depends on the input
    /// itself, the skip connection of a transcoder or the length and mean by which inputs are normalized.
    /// </summary>
    /// <param name="features">[…, d_sae]</param>
    /// <param name="input">[…, d_in]</param>
    /// <returns>[…, d_out]</returns>
    /// <exception cref="ArgumentException">A size is another.</exception>
    public Tensor Decode(Tensor features, Tensor input)
    {
        CheckInput(features, [DSae], "decode");
        CheckInput(input, InputShape, "decode (input)");
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Statistics(input) is { } statistics
            ? statistics.Restore(RebuildCore(features, statistics.Normalize(input)))
            : RebuildCore(features, input));
    }

    /// <summary>The reconstruction of activations.</summary>
    /// <param name="x">[…, d_in]</param>
    /// <returns>[…, d_out]</returns>
    public Tensor Forward(Tensor x)
    {
        CheckInput(x, InputShape, "forward");
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Statistics(x) is { } statistics
            ? statistics.Restore(ForwardCore(statistics.Normalize(x)))
            : ForwardCore(x));
    }

    /// <summary>The training loss of a batch.</summary>
    /// <param name="input">[batch, d_in]</param>
    /// <param name="target">What is to be rebuilt: the input itself, or for a transcoder the output of the MLP.</param>
    /// <param name="context">Where training stands.</param>
    /// <exception cref="InvalidOperationException">The dictionary normalizes its inputs.</exception>
    public DictionaryLoss Loss(Tensor input, Tensor target, LossContext context)
    {
        CheckTrainable();
        CheckInput(input, InputShape, "loss");
        CheckInput(target, OutputShape, "loss (target)");
        using var scope = torch.NewDisposeScope();
        var loss = LossCore(input, target, context);
        foreach (var tensor in new[] { loss.Total, loss.Reconstruction, loss.Sparsity, loss.Auxiliary, loss.Features,
            loss.Output })
            scope.MoveToOuter(tensor);
        return loss;
    }

    /// <summary>
    /// The loss of a batch with its gradients put into the parameters, whatever was there before: written out by hand
    /// where the kind has that, else recorded by autograd.
    /// </summary>
    internal TrainingStep Step(Tensor input, Tensor target, LossContext context)
    {
        CheckTrainable();
        using var scope = torch.NewDisposeScope();
        var step = ByHand(input, target, context) ?? Recorded(input, target, context);
        foreach (var tensor in new[] { step.Total, step.Reconstruction, step.Sparsity, step.Auxiliary, step.Fired,
            step.Output })
            scope.MoveToOuter(tensor);
        return step;
    }

    /// <summary>The length of every feature's decoder direction [d_sae].</summary>
    public virtual Tensor DecoderNorms() => torch.linalg.vector_norm(this["W_dec"], 2, [-1]);

    /// <summary>Turns gradients of all parameters on or off.</summary>
    public SparseCoder RequireGradients(bool on = true)
    {
        foreach (var tensor in Parameters) tensor.requires_grad = on;
        return this;
    }

    /// <summary>
    /// Makes every decoder direction of unit length and scales the encoder so that the outputs stay the same: an
    /// activation is then how far the feature moves the reconstruction.
    /// </summary>
    public void FoldDecoderNorms()
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var norms = DecoderNorms();
        FoldNorms(torch.where(norms.eq(0), torch.ones_like(norms), norms)); // a feature that writes nothing stays
    }

    /// <summary>
    /// Takes a scaling of the activations into the weights. A dictionary trained on s·x and s′·y then works on x and y.
    /// </summary>
    /// <param name="input">s, a number, or [sites] of a crosscoder.</param>
    /// <param name="output">s′; the same as <paramref name="input"/> but for transcoders.</param>
    public void FoldScale(Tensor input, Tensor output)
    {
        if (Options.InputNormalization != InputNormalization.None)
            throw new InvalidOperationException("fold scale: a dictionary that normalizes its inputs has no scale");
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        FoldScaleCore(input, output);
    }

    /// <summary>A copy with weights of its own; the caller owns it.</summary>
    /// <param name="device">Where its weights are; null: where these are.</param>
    public SparseCoder Clone(Device? device = null)
    {
        using var generator = new Generator(0, device ?? Device);
        var copy = Options.Create(generator);
        copy.CopyFrom(name => this[name]);
        return copy;
    }

    /// <summary>Sets every weight.</summary>
    /// <param name="weight">The tensor of a name, of the weight's shape.</param>
    internal void CopyFrom(Func<string, Tensor> weight)
    {
        using var noGrad = torch.no_grad();
        foreach (var (name, tensor) in weights) tensor.copy_(weight(name));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, tensor) in weights) tensor.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract Tensor EncodeCore(Tensor x);

    private protected abstract DictionaryLoss LossCore(Tensor input, Tensor target, LossContext context);

    /// <summary>The same as <see cref="LossCore"/>, with gradients written out; without recording.</summary>
    private protected virtual TrainingStep? StepCore(Tensor input, Tensor target, LossContext context) => null;

    private protected virtual Tensor DecodeCore(Tensor features) => Product(features, this["W_dec"]) + this["b_dec"];

    private protected virtual Tensor ForwardCore(Tensor x) => RebuildCore(EncodeCore(x), x);

    /// <summary>The output for features of an input.</summary>
    private protected virtual Tensor RebuildCore(Tensor features, Tensor x) => DecodeCore(features);

    private protected virtual void FoldNorms(Tensor norms)
    {
        this["W_enc"].mul_(norms);
        this["b_enc"].mul_(norms);
        this["W_dec"].div_(norms.unsqueeze(-1));
    }

    private protected virtual void FoldScaleCore(Tensor input, Tensor output)
    {
        this["W_enc"].mul_(input);
        this["W_dec"].div_(output);
        this["b_dec"].div_(output);
    }

    /// <summary>Takes a trained tensor over; made in a scope, it outlives it.</summary>
    private protected Tensor Parameter(string name, Tensor value)
    {
        weights.Add((name, value.DetachFromDisposeScope()));
        return value;
    }

    /// <summary>Takes over a tensor that is saved but not trained.</summary>
    private protected Tensor Buffer(string name, Tensor value)
    {
        buffers.Add(name);
        return Parameter(name, value);
    }

    /// <summary>The type in which matrix products are taken, of weights that stay float32; null for their own.</summary>
    internal ScalarType? ProductType { get; set; }

    /// <summary>A product of matrices; everything around it keeps the type that it has.</summary>
    private protected Tensor Product(Tensor a, Tensor b) =>
        ProductType is { } type ? a.to(type).MatMul(b.to(type)).to(a.dtype) : a.MatMul(b);

    /// <summary>The input less the decoder's bias, where the options say so.</summary>
    private protected Tensor Centered(Tensor x) => Options.ApplyBDecToInput ? x - this["b_dec"] : x;

    /// <summary>Directions of one length, from a Kaiming-uniform draw [d_sae, width].</summary>
    private protected static Tensor Directions(long count, long width, double norm, Generator generator)
    {
        // PyTorch's kaiming_uniform_ with slope 0: a deviation of √(2 / fan-in); TorchSharp's takes no generator.
        var bound = Math.Sqrt(3.0) * Math.Sqrt(2.0 / width);
        var drawn = torch.empty([count, width], device: generator.device).uniform_(-bound, bound, generator);
        return drawn * (norm / torch.linalg.vector_norm(drawn, 2, [-1], keepdim: true));
    }

    /// <summary>Mean over the batch of the squared error summed over everything else.</summary>
    private protected static Tensor SquaredError(Tensor output, Tensor target) =>
        (output - target).square().flatten(1).sum(1).mean();

    private protected Tensor Zero() => torch.zeros([], device: Device);

    private TrainingStep? ByHand(Tensor input, Tensor target, LossContext context)
    {
        if (!SparseRows.Supports(input) || ProductType is not null) return null;
        using var noGrad = torch.no_grad();
        return StepCore(input, target, context);
    }

    private TrainingStep Recorded(Tensor input, Tensor target, LossContext context)
    {
        foreach (var parameter in Parameters) parameter.grad = null;
        var loss = Loss(input, target, context);
        Gradients.Backward(loss.Total);
        return new TrainingStep(loss.Total.detach(), loss.Reconstruction.detach(), loss.Sparsity.detach(),
            loss.Auxiliary.detach(), loss.Features.detach().ne(0).sum([0]), loss.Output.detach());
    }

    private InputStatistics? Statistics(Tensor x) => Options.InputNormalization == InputNormalization.None ? null
        : InputStatistics.Of(x, Options.InputNormalization);

    private void CheckTrainable()
    {
        if (Options.InputNormalization != InputNormalization.None)
            throw new InvalidOperationException($"loss: a dictionary that normalizes its inputs "
                + $"({Options.InputNormalization}) is loaded for use, not for training; train one on normalized "
                + "activations instead");
    }

    private void CheckInput(Tensor x, long[] expected, string operation)
    {
        var shape = x.shape;
        if (shape.Length < expected.Length || !shape.AsSpan(shape.Length - expected.Length).SequenceEqual(expected))
            throw new ArgumentException($"{operation}: the tensor is [{string.Join(", ", shape)}]; this "
                + $"{GetType().Name} takes "
                + $"[…, {string.Join(", ", expected)}]");
    }
}
