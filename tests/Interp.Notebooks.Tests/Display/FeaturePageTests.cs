using Interp.Notebooks.Display;
using Interp.Reports;
using Interp.Sae.Dashboards;

namespace Interp.Notebooks.Tests.Display;

public sealed class FeaturePageTests
{
    [Fact]
    public void A_dashboard_of_neurons_is_a_view_with_the_models_tokens()
    {
        using var cells = new CellRun();
        Assert.Equal("Features of blocks.0.mlp.hook_post", cells.Value("""
            var model = HookedTransformer.Load(shipped("stories"));
            var tokens = model.ToTokens("One day Ben and Oscar sat at the station.");
            var dashboard = FeatureDashboard.Measure(model, FeatureSource.Neurons(model, "blocks.0.mlp.hook_post"), [tokens],
                new DashboardOptions { Features = [3, 5] });
            FeaturePage.View(dashboard, model)
            """));
        Assert.Equal("neuron 2", cells.Value("var view = FeaturePage.View(dashboard, model); $\"{view.Kind} {view.Sheets.Count}\""));
        Assert.Equal("[3, 5]", cells.Value("view.Sheets.Select(sheet => sheet.Index)"));
        Assert.Equal("True", cells.Value("view.Caption == FeaturePage.View(dashboard, token => \"x\").Caption"));
        Assert.Equal("[True, False]", cells.Value(
            "new[] { true, false }.Select(yes => FeaturePage.View(dashboard, token => \"x\", yes).Sheets[0].Promoted.Count > 0)"));
    }
}
