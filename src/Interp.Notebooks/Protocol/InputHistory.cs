using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace Interp.Notebooks.Protocol;

/// <summary>The cells of this session, as <c>history_request</c> asks for them.</summary>
internal sealed class InputHistory
{
    private const int MostCells = 10_000;
    private readonly List<(int Number, string Code, string? Output)> _cells = [];

    public void Add(int number, string code, string? output)
    {
        if (_cells.Count == MostCells) _cells.RemoveAt(0);
        _cells.Add((number, code, output));
    }

    /// <summary>The answer to a request: the last cells, a range of them, or those that fit a pattern.</summary>
    public JsonObject Answer(Message request)
    {
        IEnumerable<(int Number, string Code, string? Output)> chosen = _cells;
        switch (request.Text("hist_access_type"))
        {
            case "range":
                var (start, stop) = (request.Number("start", 0), request.Number("stop", int.MaxValue));
                chosen = chosen.Where(cell => cell.Number >= start && cell.Number < stop);
                break;
            case "search":
                chosen = chosen.Where(cell => FileSystemName.MatchesSimpleExpression(request.Text("pattern", "*"), cell.Code, false));
                if (request.Flag("unique", false)) chosen = chosen.GroupBy(cell => cell.Code).Select(group => group.Last());
                break;
        }
        if (request.Content["n"] is not null) chosen = chosen.TakeLast(request.Number("n", MostCells));
        var withOutput = request.Flag("output", false);
        return new JsonObject
        {
            ["status"] = "ok",
            ["history"] = new JsonArray([.. chosen.Select(cell => (JsonNode)new JsonArray(
                0, cell.Number, withOutput ? new JsonArray(cell.Code, cell.Output) : cell.Code))]),
        };
    }
}
