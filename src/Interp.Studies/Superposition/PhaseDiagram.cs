using Interp.Tensors;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Superposition;

/// <summary>Trains toy models over importance and sparsity, and sets each beside the closed form.</summary>
/// <remarks>
/// Problem: when does a feature get a dimension, share one, or none? Idea: with two or three features all answers can be
/// listed, and their losses written down; where another becomes the cheapest, the answer changes at once, as phases
/// of matter do (Elhage et al. 2022).
/// <code>
/// var cells = PhaseDiagram.Train(new PhaseDiagramOptions { Importances = [0.3, 1, 3], Densities = [1, 0.1] },
///     progress: null, CancellationToken.None);
/// Console.WriteLine(cells.Count(cell => cell.Agrees));
/// </code>
/// </remarks>
public static class PhaseDiagram
{
    /// <summary>How far a cell must be from a boundary, in r and in p, to be away from it: a factor of 1.5.</summary>
    public const double ClearFactor = 1.5;

    private const int GridSide = 16;

    /// <summary>Trains every cell.</summary>
    /// <param name="options">Which cells.</param>
    /// <param name="progress">Gets the sum of losses.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <returns>The cells, row by row: all importances of the first density, then of the next.</returns>
    /// <exception cref="ArgumentException">The features are not 2 or 3, or an option is impossible.</exception>
    public static IReadOnlyList<PhaseCell> Train(PhaseDiagramOptions options, IProgress<TrainingProgress>? progress,
        CancellationToken cancellation)
    {
        if (options.Features is not (2 or 3))
            throw new ArgumentException($"phase diagram: Features is {options.Features}, solved are 2 and 3");
        using var scope = torch.NewDisposeScope();
        var places = (from density in options.Densities
                      from importance in options.Importances
                      select (Importance: importance, Density: density)).ToArray();
        using var model = new ToyModel(new ToyModelOptions
        {
            Features = options.Features,
            Hidden = options.Features - 1,
            Instances = [.. places.SelectMany(place => Enumerable.Repeat(Instance(place), options.Starts))],
            Steps = options.Steps,
            DecaySteps = options.Steps / 2,
            Batch = options.Batch,
            LearningRate = options.LearningRate,
            WeightDecay = 0,
            Seed = options.Seed,
        });
        model.Train(progress, cancellation);
        var losses = ExpectedLosses(model);
        return [.. places.Select((place, k) =>
        {
            var best = Enumerable.Range(k * options.Starts, options.Starts).MinBy(start => losses[start]);
            var placements = Placements(options.Features, place.Importance, place.Density);
            var w = model.W[best].detach();
            return new PhaseCell(place.Importance, place.Density, Placement.Best(placements),
                IsClear(options.Features, place.Importance, place.Density), Placement.Nearest(w, placements),
                losses[best], torch.linalg.vector_norm(w[^1]).ToDouble(),
                FeatureGeometry.Interference(w)[^1].ToDouble());
        })];

        ToyInstance Instance((double Importance, double Density) place) =>
            new(place.Density, [.. Enumerable.Repeat(1.0, options.Features - 1), place.Importance]);
    }

    /// <summary>Whether a place is away from all boundaries of the closed form.</summary>
    /// <param name="features">2 or 3.</param>
    /// <param name="importance">r</param>
    /// <param name="density">p</param>
    public static bool IsClear(int features, double importance, double density)
    {
        double[] steps = [1 / ClearFactor, 1, ClearFactor];
        var names = from r in steps
                    from p in steps
                    select Placement.Best(
                        Placements(features, importance * r, Math.Min(1, density * p))).Name;
        return names.Distinct().Count() == 1;
    }

    private static IReadOnlyList<Placement> Placements(int features, double importance, double density) =>
        features == 2 ? new TwoFeatures(importance, density).Placements
            : new ThreeFeatures(importance, density).Placements;

    /// <summary>
    /// The expected loss of each model, Σ over sets of k features of pᵏ (1 − p)ⁿ⁻ᵏ times the mean loss where just these
    /// are on. The means are taken over the middles of a grid, not over draws: at small p the few examples with two
    /// features on decide, and draws would hardly have any.
    /// </summary>
    internal static double[] ExpectedLosses(ToyModel model)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (n, instances) = (model.Options.Features, model.Options.Instances);
        var middles = (torch.arange(GridSide, ScalarType.Float32) + 0.5) / GridSide;
        var points = torch.cartesian_prod([.. Enumerable.Repeat(middles, n)]).reshape(-1, n); // [side^n, feature]
        var sums = new double[instances.Count];
        for (var set = 0; set < 1 << n; set++)
        {
            using var inner = torch.NewDisposeScope();
            var on = torch.tensor(Enumerable.Range(0, n).Select(i => (float)(set >> i & 1)).ToArray(), [n]);
            var losses = model.Losses((points * on).unsqueeze(0).expand(instances.Count, -1, -1)).ToArray<float>();
            var k = int.PopCount(set);
            for (var i = 0; i < sums.Length; i++)
                sums[i] += Math.Pow(instances[i].Density, k) * Math.Pow(1 - instances[i].Density, n - k) * losses[i];
        }

        return sums;
    }
}
