using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Acceptance;

/// <summary>"Order by Scale": two numbers pass through one separator, under masks of their own.</summary>
public class ListCopyTests(ITestOutputHelper output)
{
    private const string Folder = "weights/list-comp/models";
    private const int Digits = 100;
    private const long Mask = 100, Separator = 101;

    [SharedTheory(Folder)]
    [InlineData("2layer_100dig_64d.pt", 0.955)]
    [InlineData("3layer_100dig_64d.pt", null)]
    public void Numbers_are_copied_as_often_as_published(string file, double? published)
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.Load(Path.Combine(SharedData.Path(Folder), file));
        var pairs = Enumerable.Range(0, Digits * Digits).Select(n => (First: (long)(n / Digits), Second: (long)(n % Digits))).ToList();
        var predicted = Tasks.Predictions(model.Forward(Tasks.Tokens([.. pairs.Select(p => (long[])[p.First, p.Second, Separator, Mask, Mask])])));
        var right = pairs.Zip(predicted).Sum(x => (x.Second[3] == x.First.First ? 1 : 0) + (x.Second[4] == x.First.Second ? 1 : 0));
        var found = right / (2.0 * pairs.Count);
        output.WriteLine($"{file}: {found:P2} of the tokens of all {pairs.Count} pairs" + (published is null ? "" : $"; published {published:P1}"));
        // Published to one decimal, over a part of these pairs.
        if (published is not null) Assert.InRange(found, published.Value - 0.005, published.Value + 0.005);
        else Assert.True(found > 0.9, $"{found:P2}");
    }

    [SharedFact(Folder)]
    public void Outputs_see_nothing_in_the_first_layer_and_only_the_separator_later()
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.Load(Path.Combine(SharedData.Path(Folder), "2layer_100dig_64d.pt"));
        var (_, cache) = model.RunWithCache(Tasks.Tokens([[3, 7, Separator, Mask, Mask]]));
        Assert.All(cache["pattern", 0][0, 0].narrow(0, 3, 2).ToArray<float>(), p => Assert.Equal(0, p));
        Assert.Equal([0f, 0, 1, 0, 0], cache["pattern", 1][0, 0, 3].ToArray<float>());
        Assert.Equal(1, cache["pattern", 1][0, 0, 4].narrow(0, 2, 2).sum().ToSingle(), 6);
    }
}
