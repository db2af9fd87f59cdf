using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Acceptance;

/// <summary>
/// ARENA's monthly algorithmic problems. Each is asked 1000 examples made as its authors made them; the published
/// fractions are of 1000 other examples.
/// </summary>
public class ArenaMonthlyTests(ITestOutputHelper output)
{
    private const string Folder = "weights/arena-monthly";
    private const int Examples = 1000;

    [SharedFact(Folder)]
    public void The_sorter_sorts()
    {
        const int separator = 51, length = 10;
        var random = new Random(0);
        var lists = Enumerable.Range(0, Examples).Select(_ =>
        {
            var numbers = Enumerable.Range(0, separator).ToArray();
            random.Shuffle(numbers);
            var list = numbers.Take(length).Select(n => (long)n).ToArray();
            return (long[])[.. list, separator, .. list.Order()];
        }).ToList();
        var predicted = Predict("sorted_list_model.pt", lists);
        var right = lists.Zip(predicted).Sum(pair => Enumerable.Range(length, length).Count(at => pair.Second[at] == pair.First[at + 1]));
        Report("sorted numbers", right, Examples * length, 0.9992);
    }

    [SharedFact(Folder)]
    public void The_first_unique_letter_is_found()
    {
        const int none = 10, length = 20;
        var random = new Random(0);
        var texts = Enumerable.Range(0, Examples)
            .Select(_ => (long[])[none, .. Enumerable.Range(1, length - 1).Select(_ => random.NextInt64(none))]).ToList();
        var predicted = Predict("first_unique_char_model.pt", texts);
        var right = texts.Zip(predicted).Sum(pair => Enumerable.Range(0, length).Count(at => pair.Second[at] == FirstUnique(pair.First[1..(at + 1)])));
        Report("first unique letters", right, Examples * length, 0.9919);

        static long FirstUnique(long[] letters) => letters.FirstOrDefault(a => letters.Count(b => b == a) == 1, none);
    }

    [SharedFact(Folder)]
    public void Palindromes_are_told_from_others()
    {
        const int values = 31, half = 10, start = 31, end = 32;
        var random = new Random(0);
        long[] Numbers() => [.. Enumerable.Range(0, half).Select(_ => random.NextInt64(values))];
        var lists = Enumerable.Range(0, Examples).Select(example =>
        {
            var first = Numbers();
            var second = first.Reverse().ToArray();
            // Half of them have about half of the second part replaced.
            if (example % 2 == 1) second = [.. second.Zip(Numbers(), (same, other) => random.Next(2) == 0 ? same : other)];
            return (long[])[start, .. first, .. second, end];
        }).ToList();
        var predicted = Predict("july23_palindromes/palindrome_classifier.pt", lists);
        var right = lists.Zip(predicted).Count(pair => pair.Second[^1] == 1 == pair.First.SequenceEqual(pair.First[1..^1].Reverse().Prepend(start).Append(end)));
        Report("palindromes", right, Examples, 0.996);
    }

    private static long[][] Predict(string file, List<long[]> tokens)
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.Load(Path.Combine(SharedData.Path(Folder), file));
        return Tasks.Predictions(model.Forward(Tasks.Tokens(tokens)));
    }

    private void Report(string what, int right, int trials, double published)
    {
        output.WriteLine($"{what}: {right} of {trials}, {(double)right / trials:P2}; published {published:P2} ± {Tasks.FourSigma(published, trials):P2}");
        Tasks.AssertFraction(published, (double)right / trials, trials);
    }
}
