using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Activations;

/// <summary>Activations straight from a model, which runs no further than the last hook that is asked for.</summary>
/// <remarks>
/// Sequences come in a random order, another one in every pass over the text, drawn from the seed. A value such as
/// hook_z [batch, pos, head, d_head] becomes rows of width head · d_head.
/// </remarks>
public sealed class ModelActivations : IActivationSource
{
    private readonly HookedTransformer model;
    private readonly TokenSequences sequences;
    private readonly ModelActivationsOptions options;
    private (long Pass, long[] Order) order = (-1, []);

    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="sequences">What it reads.</param>
    /// <param name="hooks">Full hook names; each must have the dimensions batch and pos first.</param>
    /// <param name="options">Batch size, seed, positions that are left out.</param>
    /// <exception cref="HookException">A name is unknown, or its value has no rows for positions.</exception>
    public ModelActivations(HookedTransformer model, TokenSequences sequences, IReadOnlyList<string> hooks,
        ModelActivationsOptions? options = null)
    {
        this.model = model;
        this.sequences = sequences;
        this.options = (options ?? new ModelActivationsOptions()).Validate(sequences);
        if (hooks.Count == 0) throw new ArgumentException("activations need at least one hook");
        Hooks = [.. hooks];
        foreach (var hook in hooks) CheckRows(model.Hooks[hook]);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        Widths = [.. Rows(sequences.Rows([0], model.Device).narrow(1, 0,
            Math.Min(sequences.Length, this.options.SkipPositions + 1)))
            .Select(rows => (int)rows.size(1))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Hooks { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> Widths { get; }

    /// <inheritdoc/>
    public Device Device => model.Device;

    /// <summary>Other facts for <see cref="Description"/>, such as the model's path.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Description => new Dictionary<string, string>(Facts)
    {
        ["hooks"] = string.Join(", ", Hooks),
        ["tokens"] = sequences.Hash,
        ["context"] = sequences.Length.ToString(),
        ["sequences_a_run"] = options.Sequences.ToString(),
        ["skip_positions"] = options.SkipPositions.ToString(),
        ["order_seed"] = options.Seed.ToString(),
    };

    /// <inheritdoc/>
    public Tensor[] Read(long position)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var rows = Rows(sequences.Rows(Which(position), model.Device));
        foreach (var tensor in rows) scope.MoveToOuter(tensor);
        return rows;
    }

    /// <summary>The value of a hook as rows of features [batch, pos, width].</summary>
    internal static Tensor Flat(Tensor value) => value.dim() > 3 ? value.flatten(2, -1) : value;

    /// <summary>Throws where a hook's value has no row for every position.</summary>
    internal static void CheckRows(HookPoint point)
    {
        if (point.Dimensions.Count < 3 || point.Dimensions[0] != "batch" || point.Dimensions[1] != "pos")
            throw new HookException($"'{point.Name}' is [{string.Join(", ", point.Dimensions)}]; dictionaries read "
                + $"hooks that are [batch, pos, …]");
    }

    private Tensor[] Rows(Tensor tokens)
    {
        using var cache = model.CacheOnly(tokens, [.. Hooks.Distinct()]);
        return [.. Hooks.Select(hook =>
        {
            var value = Flat(cache[hook]);
            var rows = value.narrow(1, options.SkipPositions, value.size(1) - options.SkipPositions).flatten(0, 1);
            // A view would keep the whole value, or be the model's own.
            return rows.SharesMemoryWith(value) ? rows.clone() : rows;
        })];
    }

    private long[] Which(long position)
    {
        var which = new long[options.Sequences];
        for (var i = 0; i < which.Length; i++)
        {
            var place = position * options.Sequences + i;
            which[i] = Order(place / sequences.Count)[place % sequences.Count];
        }

        return which;
    }

    private long[] Order(long pass)
    {
        if (order.Pass == pass) return order.Order;
        using var generator = new Generator(unchecked(options.Seed * 1_000_003 + (ulong)pass));
        using var drawn = torch.randperm(sequences.Count, generator: generator);
        order = (pass, drawn.ToArray<long>());
        return order.Order;
    }
}
