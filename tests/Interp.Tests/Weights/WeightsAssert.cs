using Interp.Weights;

namespace Interp.Tests.Weights;

/// <summary>What every error about a weight file must be.</summary>
internal static class WeightsAssert
{
    /// <summary>Opening and loading fails with one sentence that names the file, the place and these words.</summary>
    public static WeightsFormatException Fails(string path, string place, params string[] words)
    {
        var fault = Assert.Throws<WeightsFormatException>(() =>
        {
            using var file = WeightFile.Open(path);
            foreach (var tensor in file.LoadAll().Values) tensor.Dispose();
        });
        Assert.Contains(path, fault.Message);
        Assert.Contains(place, fault.Place);
        Assert.All(words, word => Assert.Contains(word, fault.Message));
        Assert.DoesNotContain('\n', fault.Message);
        Assert.NotEmpty(fault.Expected);
        return fault;
    }

    public static WeightsFormatException Fails(byte[] content, string place, params string[] words)
    {
        using var folder = new TemporaryFolder();
        return Fails(folder.Write("bad.weights", content), place, words);
    }
}
