using System.Text.Json.Nodes;
using Interp.Notebooks.Files;
using Interp.Notebooks.Labs;

namespace Interp.Notebooks.Tests.Labs;

/// <summary>A lab of two exercises without tensors, in a folder of its own: each run of it takes a moment.</summary>
internal sealed class TinyLab : IDisposable
{
    public const string Twice = "int Twice(int n)\n{\n    return todo(\"add it to itself\");\n}";
    public const string TwiceSolved = "int Twice(int n)\n{\n    return n + n;\n}";
    public const string Power = "int Power(int n, int k)\n{\n    return todo(\"multiply k times\");\n}";
    public const string PowerSolved = "int Power(int n, int k)\n{\n    return k == 0 ? 1 : n * Power(n, k - 1);\n}";

    public TinyLab()
    {
        Write(System.IO.Path.Combine(Folder, "tiny.ipynb"),
            Text("# Lab 9x: a tiny lab\n\nIt takes about 5 minutes."),
            Code("record Pair(int A, int B);\nvar pair = new Pair(3, 4);\npair.A"),
            Text("## 1. Doubling\n\nTwo of it: `2n`."), Code(Twice, "exercise", "twice"),
            Text("<details><summary>Hint: which sign</summary>\n\nIt is `+`.\n</details>\n<details><summary>Hint: all</summary>\n\n`n + n`\n</details>", "hint", "twice"),
            Code("Check.Equal(\"twice\", Twice(21), 42, \"add, do not multiply by three\");", "check", "twice"),
            Code("var six = Twice(pair.A);\nsix + One()\n\nint One() => 1;"),
            Text("## 2. Powers"), Code(Power, "exercise", "power"),
            Code("{\n    Check.Equal(\"a power\", Power(six, 2), 36);\n    Check.Equal(\"the power 0\", Power(six, 0), 1);\n}", "check", "power"),
            Text("## Questions"));
        Directory.CreateDirectory(System.IO.Path.Combine(Folder, "solutions", "tiny"));
        File.WriteAllText(Solutions.FileOf(System.IO.Path.Combine(Folder, "tiny.ipynb"), "twice"), TwiceSolved);
        File.WriteAllText(Solutions.FileOf(System.IO.Path.Combine(Folder, "tiny.ipynb"), "power"), PowerSolved);
        Lab = Lab.Load(System.IO.Path.Combine(Folder, "tiny.ipynb"));
        Source = LabSource.Write(Lab, "Interp.Notebooks.csproj");
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("interp-lab-").FullName;

    public Lab Lab { get; }

    /// <summary>The C# file as it is written for a student.</summary>
    public string Source { get; }

    public string Path => System.IO.Path.Combine(Folder, "mine.cs");

    /// <summary>A working copy in C#, with texts in the place of others.</summary>
    public WorkingCopy Copy(params (string From, string To)[] changes)
    {
        var text = Source;
        foreach (var (from, to) in changes)
        {
            Assert.Contains(from, text);
            text = text.Replace(from, to);
        }
        File.WriteAllText(Path, text);
        return WorkingCopy.Load(Path, [Lab]);
    }

    /// <summary>A notebook as a working copy, its cells changed.</summary>
    public WorkingCopy Notebook(Func<JsonArray, JsonArray> change)
    {
        var path = System.IO.Path.Combine(Folder, "mine.ipynb");
        var json = JsonNode.Parse(File.ReadAllText(Lab.Notebook.Path))!;
        json["cells"] = change((JsonArray)json["cells"]!.DeepClone());
        File.WriteAllText(path, json.ToJsonString());
        return WorkingCopy.Load(path, [Lab]);
    }

    public static JsonObject Code(string source, string? role = null, string id = "") => Cell("code", source, role, id);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static JsonObject Text(string source, string? role = null, string id = "") => Cell("markdown", source, role, id);

    private static JsonObject Cell(string kind, string source, string? role, string id) => new()
    {
        ["cell_type"] = kind,
        ["metadata"] = role is null ? [] : new JsonObject { ["interp"] = new JsonObject { ["role"] = role, ["id"] = id } },
        ["source"] = source,
    };

    private static void Write(string path, params JsonObject[] cells)
    {
        foreach (var (cell, i) in cells.Select((cell, i) => (cell, i))) cell["id"] = $"cell-{i + 1}";
        File.WriteAllText(path, new JsonObject
        {
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
            ["metadata"] = new JsonObject(),
            ["cells"] = new JsonArray([.. cells]),
        }.ToJsonString());
    }
}
