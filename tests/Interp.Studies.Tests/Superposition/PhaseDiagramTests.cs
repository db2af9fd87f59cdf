using Interp.Studies.Superposition;
using Xunit.Abstractions;

namespace Interp.Studies.Tests.Superposition;

public class PhaseDiagramTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Trained_models_are_in_the_phase_of_the_closed_form_away_from_boundaries(int features)
    {
        var options = new PhaseDiagramOptions
        {
            Features = features,
            Importances = [0.1, 0.25, 0.5, 0.8, 1.25, 2, 4, 10],
            Densities = [1, 0.7, 0.4, 0.2, 0.05],
            Starts = 4,
            Steps = 600,
            Batch = 96,
            LearningRate = 2e-2,
        };
        var cells = PhaseDiagram.Train(options, null, default);
        foreach (var cell in cells)
            output.WriteLine($"r {cell.RelativeImportance:0.00}, p {cell.Density:0.00}: {cell.Best.Name} "
                + $"{cell.Best.Loss:0.00000}, clear {cell.IsClear}; trained {cell.Trained.Name} {cell.Loss:0.00000}");
        var clear = cells.Where(cell => cell.IsClear).ToArray();
        Assert.True(clear.Length >= cells.Count / 3, $"{clear.Length} of {cells.Count} cells are away from boundaries");
        Assert.All(clear, cell => Assert.True(cell.Agrees, $"{cell}"));
        Assert.Equal(features == 2 ? 3 : 4, clear.Select(cell => cell.Best.Name).Distinct().Count());
        // A closed form is what a placement costs at unit lengths; training can be a little better, and
        // worse by its noise.
        Assert.All(clear, cell => Assert.InRange(cell.LossRatio, 0.9, 1.02));
    }

    [Fact]
    public void Diagrams_that_are_not_solved_are_an_error() =>
        Assert.Contains("Features is 4", Assert.Throws<ArgumentException>(() => PhaseDiagram.Train(
            new PhaseDiagramOptions { Features = 4, Importances = [1], Densities = [1] }, null, default)).Message);
}
