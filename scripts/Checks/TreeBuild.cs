namespace Interp.Checks;

/// <summary>The Release build of the solution.</summary>
internal sealed class TreeBuild(Checkout checkout, IDotnet dotnet, TextWriter output)
{
    /// <summary>Builds; shows the messages only when that fails.</summary>
    public bool Run()
    {
        using var alone = new BuildLock(checkout.State);
        var build = dotnet.Run(["build", checkout.Solution, "-c", "Release", "-nologo", "-v", "q", "-clp:NoSummary", "-tl:off"]);
        File.WriteAllText(Path.Combine(checkout.State, "build.log"), build.Output);
        if (build.ExitCode != 0) output.Write(build.Output);
        return build.ExitCode == 0;
    }
}
