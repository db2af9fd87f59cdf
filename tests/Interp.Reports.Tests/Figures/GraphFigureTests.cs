namespace Interp.Reports.Tests.Figures;

public class GraphFigureTests
{
    private static readonly GraphNode[] Nodes = [new("input", 0), new("a0.h1", 1), new("m0", 2), new("logits", 3)];

    [Fact]
    public void Every_edge_says_where_it_goes_and_how_strong_it_is()
    {
        var figure = new GraphFigure("Circuit", Nodes, [new("input", "a0.h1", 0.5, "q"), new("a0.h1", "logits", -2)]);
        Assert.Equal(["input → a0.h1 q: 0.5", "a0.h1 → logits: −2"], figure.Svg().Titles());
        Assert.Contains("Strongest: a0.h1 → logits: −2; input → a0.h1 q: 0.5", figure.ToSvg());
    }

    [Fact]
    public void A_stronger_edge_is_thicker_and_signs_have_different_colours()
    {
        var edges =
            new GraphFigure("Circuit", Nodes, [new("input", "m0", 1), new("input", "logits", -4),
                new("input", "a0.h1", 4)])
            .Svg().All("path").Where(path => path.Title() is not null).ToDictionary(path => path.Title()!);
        double Width(string title) => edges[title].Number("stroke-width");
        Assert.True(Width("input → m0: 1") < Width("input → logits: −4"));
        Assert.Equal(Width("input → a0.h1: 4"), Width("input → logits: −4"), 3);
        Assert.NotEqual((string?)edges["input → a0.h1: 4"].Attribute("stroke"), (string?)edges["input → logits: −4"]
            .Attribute("stroke"));
    }

    [Fact]
    public void The_weakest_edges_of_a_large_graph_are_left_out_and_counted()
    {
        var nodes = Enumerable.Range(0, 30).Select(k => new GraphNode($"n{k}", k)).ToArray();
        var edges =
            (from a in nodes
             from b in nodes
             where a.Level < b.Level
             select new GraphEdge(a.Id, b.Id, a.Level +
                b.Level / 100.0)).ToArray();
        var figure = new GraphFigure("Large", nodes, edges);
        Assert.Equal(GraphFigure.MostEdges, figure.Edges.Count);
        Assert.Contains($"{edges.Length - GraphFigure.MostEdges} of {edges.Length} edges are not drawn", figure.Note);
        Assert.True(figure.Edges.Min(edge => edge.Weight) >= edges.OrderByDescending(edge => edge.Weight)
            .ElementAt(GraphFigure.MostEdges - 1).Weight);
    }

    [Fact]
    public void Plotly_gets_one_line_an_edge_and_the_names_of_the_nodes()
    {
        var json = new GraphFigure("Circuit", Nodes, [new("input", "logits", 1)]).ToPlotly();
        Assert.Equal(2, json["data"]!.AsArray().Count);
        Assert.Equal(["input", "a0.h1", "m0", "logits"], json["data"]![1]!["text"]!.AsArray()
            .Select(name => (string)name!));
    }

    [Fact]
    public void A_graph_that_cannot_be_drawn_is_an_error_naming_the_edge()
    {
        string Error(GraphNode[] nodes, params GraphEdge[] edges) =>
            Assert.Throws<ArgumentException>(() => new GraphFigure("G", nodes, edges)).Message;
        Assert.Contains("no nodes", Error([]));
        Assert.Contains("two nodes 'm0'", Error([new("m0", 0), new("m0", 1)]));
        Assert.Contains("edge of 'x'", Error(Nodes, new GraphEdge("input", "x", 1)));
        Assert.Contains("edges rise", Error(Nodes, new GraphEdge("m0", "a0.h1", 1)));
        Assert.Contains("weight NaN", Error(Nodes, new GraphEdge("input", "m0", double.NaN)));
    }
}
