using Interp.Circuits.Metrics;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using ModelPositions = Interp.Models.Components.Positions;

namespace Interp.Circuits.Patching.Engine;

/// <summary>
/// Runs many patched variants of one run together, and of each only the rows that can differ from it.
/// </summary>
/// <remarks>
/// One pass goes through the layers. A site joins at its layer, so nothing before a patch is computed again; from then
/// on it is carried as the rows of its stream that differ from the unpatched run's, those of all sites in one matrix
/// product. Whatever does not differ is read from the unpatched run: keys and values of other rows too. In the last
/// layer only positions that the metric reads go on, and only tokens that it reads are unembedded.
/// The batch's sequences are units of their own: a site of a batch of four is four units.
/// </remarks>
internal sealed class SweepEngine : IDisposable
{
    private const long KeptBytes = 64L << 20;

    private readonly List<Tensor> owned = [];
    private readonly HookedTransformer model;
    private readonly LogitMetric metric;
    private readonly ModelPositions positions;
    private readonly Tensor? padding;
    private readonly BaseLayer?[] layers;
    private readonly Tensor[] streams;
    private readonly Tensor baseLogits;
    private readonly LinearWeights unembed;
    private readonly int[] read;
    private readonly bool[] needed;

    /// <param name="model">The model.</param>
    /// <param name="tokens">The run that is patched [batch, pos].</param>
    /// <param name="metric">What is read of every patched run.</param>
    /// <param name="paddingMask">0 for padding, or null.</param>
    internal SweepEngine(HookedTransformer model, Tensor tokens, LogitMetric metric, Tensor? paddingMask)
    {
        if (model.HasAttachedHooks)
            throw new HookException("a sweep cannot run while AddHook has hooks attached to the model; dispose them first");
        this.model = model;
        this.metric = metric;
        using var scope = torch.NewDisposeScope();
        var ids = tokens.dim() == 1 ? tokens.unsqueeze(0) : tokens;
        (Batch, Length) = ((int)ids.size(0), (int)ids.size(1));
        read = metric.PositionsIn(Length);
        needed = new bool[Length];
        foreach (var position in read) needed[position] = true;
        padding = Own(InputChecks.Padding(paddingMask, Batch, Length, model.Device));
        positions = ModelPositions.Create(0, Length, padding);
        unembed = Columns();
        layers = new BaseLayer?[model.Config.NLayers];
        streams = Streams(ids, paddingMask);
        baseLogits =
            Own(model.LogitsOfRows(streams[^1].index_select(1, LogitMetric.Index(read, model.Device)), unembed));
        Baseline = Evaluate(baseLogits);
    }

    /// <summary>Sequences of the patched run.</summary>
    internal int Batch { get; }

    /// <summary>Tokens of a sequence.</summary>
    internal int Length { get; }

    /// <summary>The metric of the run without a patch.</summary>
    internal double Baseline { get; }

    private HookedTransformerConfig Config => model.Config;

    /// <summary>The stream at the entrance of a layer of the unpatched run, or behind the last [batch, pos,
    /// d_model].</summary>
    internal Tensor Stream(int layer) => streams[layer];

    public void Dispose()
    {
        positions.Dispose();
        foreach (var tensor in owned) tensor.Dispose();
    }

    /// <summary>The metric of a run whose last stream [batch, pos, d_model] is given.</summary>
    internal double MetricOf(Tensor lastStream)
    {
        using var scope = torch.NewDisposeScope();
        return Evaluate(model.LogitsOfRows(lastStream.index_select(1, LogitMetric.Index(read, model.Device)), unembed));
    }

    /// <summary>The metric of every site.</summary>
    /// <param name="sites">For each the patches.</param>
    /// <param name="options">Memory, progress, cancellation.</param>
    internal (double[] Values, SweepCost Cost) Run(IReadOnlyList<Patch[]> sites, SweepOptions options)
    {
        var values = new double[sites.Count];
        Array.Fill(values, Baseline);
        var order = Enumerable.Range(0, sites.Count).Where(site => sites[site].Length > 0)
            .OrderBy(site => sites[site].Min(patch => patch.Layer)).ToArray();
        var batches = order.Chunk(SitesAtOnce(options, sites)).ToArray();
        var cost = Cost(sites, batches);
        var done = sites.Count - order.Length;
        foreach (var batch in batches)
        {
            using var scope = torch.NewDisposeScope();
            // [site, batch, read, tokens]
            var logits = RunBatch(Units(batch.Select(site => sites[site])), options.Cancellation);
            for (var k = 0; k < batch.Length; k++) values[batch[k]] = Evaluate(logits[k]);
            options.Progress?.Report(new SweepProgress(done += batch.Length, sites.Count));
        }
        return (values, cost);
    }

    /// <summary>What sites will cost.</summary>
    internal SweepCost Cost(IReadOnlyList<Patch[]> sites, IEnumerable<int[]> batches)
    {
        double sweep = 0, weighted = 0;
        var (tokens, count) = (metric.Tokens?.Count ?? Config.OutputSize, 0);
        foreach (var batch in batches)
        {
            count++;
            var units = Units(batch.Select(site => sites[site]));
            for (var layer = units[0].FirstLayer; layer < Config.NLayers; layer++)
            {
                var rows = LayerRows.Next(units, layer, Config.IsCausal, layer == Config.NLayers - 1 ? needed : null);
                var (all, work) =
                    ((double)Batch * Length, SweepCost.Layer(Config, rows.Read.Count, rows.Mixing.Count,
                        rows.Written.Count, Length));
                sweep += work + SweepCost.Layer(Config, all, Batch, all, Length);
                weighted += work * rows.Written.Count;
            }
            sweep += SweepCost.Output(Config, (double)units.Length * read.Length, tokens);
        }
        var full =
            SweepCost.Layer(Config, (double)Batch * Length, Batch, (double)Batch * Length, Length) * Config.NLayers +
            SweepCost.Output(Config, (double)Batch * Length, Config.OutputSize);
        return new SweepCost(sites.Count, sites.Count * full, Math.Max(sweep, 1), count,
            sweep == 0 ? 0 : weighted / sweep);
    }

    private SweepUnit[] Units(IEnumerable<Patch[]> sites) =>
        [.. sites.SelectMany((patches, site) => Enumerable.Range(0, Batch)
            .Select(b => new SweepUnit(site, b, patches, Length)))];

    private Tensor RunBatch(SweepUnit[] units, CancellationToken cancellation)
    {
        using var scope = torch.NewDisposeScope();
        // Rows that do not differ from the unpatched run's are never read here.
        var stream = torch.empty([units.Length, Length, Config.DModel], Config.Dtype, model.Device);
        var last = Config.NLayers - 1;
        List<long> written = [];
        for (var layer = units[0].FirstLayer; layer <= last; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            var rows = LayerRows.Next(units, layer, Config.IsCausal, layer == last ? needed : null);
            using var inner = torch.NewDisposeScope();
            new LayerStep(model, layer, units, rows, Base(layer), positions, padding).Run(stream);
            written = rows.Written;
        }
        return scope.MoveToOuter(Logits(units, stream, written));
    }

    private BaseLayer Base(int layer) =>
        layers[layer] ?? BaseLayer.Run(model, layer, streams[layer], positions, padding);

    /// <summary>Logits [site, batch, read, tokens]: the unpatched run's where the last stream does not
    /// differ.</summary>
    private Tensor Logits(SweepUnit[] units, Tensor stream, List<long> written)
    {
        var sequences = LogitMetric.Index(units.Select(unit => unit.Sequence), model.Device);
        var logits = baseLogits.index_select(0, sequences); // [unit, read, tokens]
        if (written.Count > 0)
        {
            var rows =
                stream.view(-1, Config.DModel).index_select(0, torch.tensor(written.ToArray(), device: model.Device));
            var fresh = model.LogitsOfRows(rows, unembed);
            // A metric may read one position twice.
            var (to, from) = (new List<long>(), new List<long>());
            for (var row = 0; row < written.Count; row++)
                for (var k = 0; k < read.Length; k++)
                    if (read[k] == written[row] % Length)
                    {
                        to.Add(written[row] / Length * read.Length + k);
                        from.Add(row);
                    }
            if (from.Count != written.Count)
                fresh = fresh.index_select(0, torch.tensor(from.ToArray(), device: model.Device));
            logits.flatten(0, 1).index_copy_(0, torch.tensor(to.ToArray(), device: model.Device), fresh);
        }
        return logits.view(units.Length / Batch, Batch, read.Length, -1);
    }

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(tensor))]
    private Tensor? Own(Tensor? tensor)
    {
        if (tensor is not null) owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    private double Evaluate(Tensor logits)
    {
        using var value = metric.Evaluate(logits);
        return value.ToDouble();
    }

    private LinearWeights Columns()
    {
        var all = model.Weights.Unembed;
        if (metric.Tokens is not { } tokens) return all;
        if (tokens.FirstOrDefault(token => token < 0 || token >= Config.OutputSize, -1) is >= 0 and var outside)
            throw new ArgumentException($"{metric.Name} reads token {outside}; the model has outputs 0 to {Config.OutputSize - 1}");
        var index = LogitMetric.Index(tokens, model.Device);
        return new LinearWeights(Own(all.Weight.index_select(1, index)), Own(all.Bias?.index_select(0, index)));
    }

    /// <summary>
    /// Runs the unpatched run once. Its inner values are kept where they take little memory beside the streams, else a
    /// layer is computed again when a batch of sites comes to it.
    /// </summary>
    private Tensor[] Streams(Tensor tokens, Tensor? paddingMask)
    {
        var c = Config;
        var keeps =
            (long)Batch * Length * c.NLayers * (c.NHeads + c.KeyValueHeads) * 2 * c.DHead * c.Dtype.Size() < KeptBytes;
        var found = new Tensor[c.NLayers + 1];
        found[0] = Own(model.Forward(tokens, new ForwardOptions { PaddingMask = paddingMask, StopAtLayer = 0 }));
        for (var layer = 0; layer < c.NLayers; layer++)
        {
            using var scope = torch.NewDisposeScope();
            var values = BaseLayer.Run(model, layer, found[layer], positions, padding);
            found[layer + 1] = Own(values.Exit);
            if (!keeps) continue;
            layers[layer] = values with
            {
                Query = Own(values.Query),
                Key = Own(values.Key),
                Value = Own(values.Value),
                Z = Own(values.Z),
            };
        }
        return found;
    }

    /// <summary>How many sites fit the budget; at least one.</summary>
    private int SitesAtOnce(SweepOptions options, IReadOnlyList<Patch[]> sites)
    {
        var c = Config;
        long heads = c.NHeads + 2L * c.KeyValueHeads, z = (long)c.NHeads * c.DHead;
        var perRow = 5L * c.DModel + 2 * heads * c.DHead + 2 * z + (c.AttnOnly ? 0 : 3L * c.DMlp);
        var patterns =
            sites.Any(site => Array.Exists(site, patch => patch.Kind is PatchKind.Scores or PatchKind.Pattern));
        var perSequence = Length * perRow + (patterns ? 4L * c.NHeads * Length * Length : 0) +
            3L * read.Length * (metric.Tokens?.Count ?? c.OutputSize);
        return (int)Math.Clamp(options.MemoryBudget / (perSequence * Batch * c.Dtype.Size()), 1, 100_000);
    }
}
