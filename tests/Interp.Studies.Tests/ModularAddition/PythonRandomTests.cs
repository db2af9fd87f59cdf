using Interp.Studies.ModularAddition;

namespace Interp.Studies.Tests.ModularAddition;

/// <summary>The numbers come from CPython 3's <c>random</c>.</summary>
public class PythonRandomTests
{
    [Theory]
    [InlineData(0u, 3626764237u, 1654615998u, 3255389356u)]
    [InlineData(4000000000u, 1758659531u, 2819279839u, 778500575u)]
    public void A_seed_gives_the_words_that_Python_draws(uint seed, params uint[] words)
    {
        var random = new PythonRandom(seed);
        Assert.Equal(words, words.Select(_ => random.Word()));
    }

    [Fact]
    public void A_shuffled_list_is_in_Pythons_order()
    {
        var list = Enumerable.Range(0, 20).ToArray();
        new PythonRandom(598).Shuffle(list);
        Assert.Equal([17, 10, 2, 1, 8, 4, 6, 9, 7, 11, 0, 12, 15, 5, 13, 18, 19, 16, 14, 3], list);
    }

    [Fact]
    public void The_published_split_trains_on_3830_pairs_and_tests_on_8939()
    {
        var split = PairSplit.Create(113, 0.3, seed: 0);
        Assert.Equal((3830, 8939), (split.Train.Count, split.Test.Count));
        Assert.Equal([2068, 1213, 6243, 2876, 7184, 1686, 3107, 4032], split.Train.Take(8));
        Assert.Equal((7369, 6311), (split.Train[3829], split.Test[^1]));
        Assert.Equal(12769, split.Train.Concat(split.Test).Distinct().Count());
    }

    [Fact]
    public void A_fraction_that_leaves_a_side_empty_is_an_error() =>
        Assert.Contains("leaves none", Assert.Throws<ArgumentException>(() => PairSplit.Create(5, 0.01, 0)).Message);
}
