using Interp.Tokenizers.Bpe;

namespace Interp.Tests.Tokenizers.Bpe;

[Trait("Speed", "slow")]
public class BpeMergerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]      // several pairs share a rank, as with llama2.c's scores
    public void Short_and_long_words_are_merged_as_the_definition_says(bool sharedRanks)
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var merges = RandomMerges(random, sharedRanks);
            var symbols = Enumerable.Range(0, random.Next(1, 250)).Select(_ => random.Next(3)).ToArray();
            var expected = ByDefinition(merges, symbols);

            var merged = (int[])symbols.Clone();
            var count = new LongMerge(merges).Merge(merged);
            Assert.Equal(expected, merged.Take(count));

            merged = symbols[..Math.Min(symbols.Length, BpeMerger.ShortLimit)];
            expected = ByDefinition(merges, merged);
            count = new BpeMerger(merges).Merge(merged);
            Assert.Equal(expected, merged.Take(count));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_of_one_symbol_among_others_is_merged_as_the_definition_says(bool sharedRanks)
    {
        var halved = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var merges = RandomMerges(random, sharedRanks);
            // Powers of the symbol, in order or out of it, are what such a run is merged to.
            if (seed % 2 == 0) merges.Set(0, 0, new BpeMerges.Merge(random.Next(-1, 8), 27));
            if (seed % 4 == 0) merges.Set(27, 27, new BpeMerges.Merge(random.Next(-2, 8), 28));
            int[] symbols = [.. Others(random), .. new int[random.Next(BpeMerger.ShortLimit, 300)], .. Others(random)];
            var expected = ByDefinition(merges, symbols);

            var merged = (int[])symbols.Clone();
            if (RunMerge.TryMerge(merges, merged, out var count))
            {
                halved++;
                Assert.Equal(expected, merged.Take(count));
            }
            else
            {
                Assert.Equal(symbols, merged);
            }
            Assert.Equal(expected, symbols[..new BpeMerger(merges).Merge(symbols)]);
        }
        Assert.InRange(halved, 100, 400);

        static IEnumerable<int> Others(Random random) => Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(3));
    }

    [Fact]
    public void A_merger_can_be_used_again_and_again()
    {
        var random = new Random(5);
        var merges = RandomMerges(random, sharedRanks: false);
        var merger = new BpeMerger(merges);
        for (var run = 0; run < 50; run++)
        {
            var symbols = Enumerable.Range(0, random.Next(1, 300)).Select(_ => random.Next(3)).ToArray();
            var expected = ByDefinition(merges, symbols);
            Assert.Equal(expected, symbols[..merger.Merge(symbols)]);
        }
    }

    [Fact]
    public void Places_come_out_of_the_queue_in_order_however_they_went_in()
    {
        var random = new Random(1);
        var queue = new PlaceQueue();
        for (var run = 0; run < 20; run++)
        {
            var expected = new PriorityQueue<int, int>();
            for (var i = 0; i < 500; i++)
            {
                var place = random.Next(1000);
                queue.Add(place);
                expected.Enqueue(place, place);
                if (random.Next(3) > 0 || !queue.TryTake(out var taken)) continue;
                Assert.Equal(expected.Dequeue(), taken);
            }
            while (queue.TryTake(out var taken)) Assert.Equal(expected.Dequeue(), taken);
            Assert.Equal(0, expected.Count);
            queue.Clear();
        }
    }

    // Random pairs of tokens made so far, so that some merges build on others; ranks in random order.
    private static BpeMerges RandomMerges(Random random, bool sharedRanks)
    {
        var merges = new BpeMerges(16);
        var ranks = Enumerable.Range(0, 24).ToArray();
        random.Shuffle(ranks);
        for (var id = 3; id < 27; id++)
        {
            var rank = sharedRanks ? ranks[id - 3] / 4 : ranks[id - 3];
            merges.Set(random.Next(id), random.Next(id), new BpeMerges.Merge(rank, id));
        }
        return merges;
    }

    private static List<int> ByDefinition(BpeMerges merges, int[] symbols)
    {
        var left = symbols.ToList();
        while (true)
        {
            var (best, merge) = (-1, new BpeMerges.Merge(int.MaxValue, -1));
            for (var i = 0; i + 1 < left.Count; i++)
                if (merges.TryGet(left[i], left[i + 1], out var found) && found.Rank < merge.Rank)
                    (best, merge) = (i, found);
            if (best < 0) return left;
            left[best] = merge.Id;
            left.RemoveAt(best + 1);
        }
    }
}
