using Interp.Studies.KnownAlgorithms;

namespace Interp.Studies.Tests.KnownAlgorithms;

/// <summary>What is asked of the models, and that the answers are right.</summary>
public class AlgorithmTaskTests
{
    [Fact]
    public void Every_sorted_list_is_answered_by_its_next_number()
    {
        var examples = new SortedListTask().Examples(20, 0);
        foreach (var (row, answers) in examples.Rows.Zip(examples.Answers))
        {
            Assert.Equal(51, row[10]);
            Assert.Equal(row[..10].Order(), answers.Select(answer => (long)answer));
            Assert.Equal(row[11..], row[..10].Order());
        }
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, -1)]
    public void The_first_unique_letter_is_the_first_that_came_once(int position, int expected)
    {
        var examples = new FirstUniqueTask().Examples(50, 3);
        foreach (var (row, answers) in examples.Rows.Zip(examples.Answers))
        {
            Assert.Equal(expected < 0 ? row[1] : expected, answers[position]);
            var all = row[1..];
            var once = all.Where(letter => all.Count(other => other == letter) == 1).ToArray();
            Assert.Equal(once.Length == 0 ? 10 : once[0], answers[^1]);
        }
    }

    [Fact]
    public void Half_of_the_lists_are_palindromes()
    {
        var examples = new PalindromeTask().Examples(100, 0);
        foreach (var (row, answers) in examples.Rows.Zip(examples.Answers))
            Assert.Equal(row[1..^1].SequenceEqual(row[1..^1].Reverse()) ? 1 : 0, answers[0]);
        Assert.Equal(50, examples.Answers.Count(answers => answers[0] == 1));
        Assert.Equal(0.5, examples.Guess);
    }

    [Fact]
    public void Brackets_fail_in_each_way_as_often()
    {
        var rows = new BracketsTask().Examples(600, 0);
        var kinds = rows.Rows.Select(row => BracketsTask.Failures(row)).ToArray();
        Assert.Equal(300, kinds.Count(kind => kind == (false, false)));
        Assert.Equal(100, kinds.Count(kind => kind == (true, false)));
        Assert.Equal(100, kinds.Count(kind => kind == (false, true)));
        Assert.Equal(100, kinds.Count(kind => kind == (true, true)));
        Assert.All(rows.Rows.Zip(rows.Answers), pair => Assert.Equal(IsBalanced(pair.First) ? 1 : 0, pair.Second[0]));
        Assert.True(rows.Rows.Where(IsBalanced).Select(row => string.Join(' ', row)).Distinct().Count() > 250);
    }

    [Theory]
    [InlineData("()()", false, false)]
    [InlineData("())", true, false)]
    [InlineData(")(", false, true)]
    [InlineData("(()", true, true)]
    public void Heights_are_read_from_the_right(string brackets, bool total, bool negative) =>
        Assert.Equal((total, negative), BracketsTask.Failures(brackets.Select(bracket => bracket == '(' ? 3L : 4L)));

    [Fact]
    public void The_same_seed_gives_the_same_examples_and_another_seed_others() => Assert.All(AlgorithmTask.All, task =>
    {
        Assert.Equal(task.Examples(5, 7).Rows, task.Examples(5, 7).Rows);
        Assert.NotEqual(task.Examples(5, 7).Rows, task.Examples(5, 8).Rows);
    });

    [Fact]
    public void One_example_is_an_error_that_says_how_many_are_needed() =>
        Assert.Contains("at least 2", Assert.Throws<ArgumentException>(() => new BracketsTask()
            .Examples(1, 0)).Message);

    private static bool IsBalanced(long[] row)
    {
        var depth = 0;
        foreach (var token in row)
        {
            depth += token == 3 ? 1 : token == 4 ? -1 : 0;
            if (depth < 0) return false;
        }
        return depth == 0;
    }
}
