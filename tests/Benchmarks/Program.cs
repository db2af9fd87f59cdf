using Interp.Benchmarks;

// One benchmark by name, or all of them: dotnet run --project tests/Benchmarks -c Release -- [name] [rounds]
var benchmarks = new Dictionary<string, Action<int>>
{
    ["dispatch"] = DispatchBenchmark.Run,
    ["forward"] = ForwardBenchmark.Run,
    ["load"] = LoadBenchmark.Run,
    ["patching"] = PatchingBenchmark.Run,
    ["modadd"] = ModaddBenchmark.Run,
    ["heads"] = HeadsBenchmark.Run,
    ["hooks"] = HooksBenchmark.Run,
    ["sae"] = SaeBenchmark.Run,
    ["harvest"] = HarvestBenchmark.Run,
};
var name = args.ElementAtOrDefault(0) ?? "all";
var rounds = args.Length > 1 ? int.Parse(args[1]) : 10;
if (name != "all" && !benchmarks.ContainsKey(name))
{
    Console.Error.WriteLine($"no benchmark '{name}'; known: all, {string.Join(", ", benchmarks.Keys)}");
    return 2;
}
foreach (var (key, run) in benchmarks)
    if (name == "all" || name == key) run(rounds);
return 0;
