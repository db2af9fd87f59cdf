namespace Interp.Checks;

/// <summary>What any-processor runs under each setting: tests of one project.</summary>
/// <param name="Name">How the table calls it.</param>
/// <param name="Project">Whose tests.</param>
/// <param name="Filter">Which of them; null is all.</param>
internal sealed record Workload(string Name, TestProject Project, string? Filter)
{
    /// <summary>The numeric projects, all notebooks and all scripts of <c>analyses</c>; the tests run the latter two as a reader does.</summary>
    public static IEnumerable<Workload> All(Checkout checkout)
    {
        var projects = checkout.TestProjects;
        foreach (var project in projects.Where(project => project.IsNumeric)) yield return new Workload(project.Name, project, null);
        foreach (var project in projects)
        {
            if (project.Name is "Interp.Notebooks.Tests") yield return new Workload("notebooks", project, "FullyQualifiedName~AllNotebooksTests");
            if (project.Name is "Interp.Cli.Tests") yield return new Workload("analyses", project, "FullyQualifiedName~AnalysesTests");
        }
    }
}
