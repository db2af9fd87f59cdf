using Interp.Tokenizers.Bpe;

namespace Interp.Tests.Tokenizers.Bpe;

public class WordCacheTests
{
    [Fact]
    public void The_cache_stays_bounded_and_keeps_no_long_words()
    {
        var cache = new WordCache();
        for (var i = 0; i < 300_000; i++) cache.Add(i.ToString(), [i]);
        Assert.InRange(cache.Count, 1, 131_072);
        Assert.True(cache.TryGet("299999", out var ids));
        Assert.Equal([299999], ids.ToArray());

        cache.Add(new string('a', WordCache.LongestWord + 1), [1]);
        Assert.False(cache.TryGet(new string('a', WordCache.LongestWord + 1), out _));
    }
}
