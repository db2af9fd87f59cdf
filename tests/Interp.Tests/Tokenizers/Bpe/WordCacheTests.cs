using Interp.Tokenizers.Bpe;

namespace Interp.Tests.Tokenizers.Bpe;

public class WordCacheTests
{
    [Fact]
    public void The_cache_stays_bounded_and_keeps_no_long_words()
    {
        var cache = new WordCache();
        for (var i = 0; i < 100_000; i++) cache.Add(i.ToString(), [i]);
        Assert.InRange(cache.Count, 1, 32_768);
        Assert.True(cache.TryGet("99999", out var ids));
        Assert.Equal([99999], ids.ToArray());

        cache.Add(new string('a', WordCache.LongestWord + 1), [1]);
        Assert.False(cache.TryGet(new string('a', WordCache.LongestWord + 1), out _));
    }
}
