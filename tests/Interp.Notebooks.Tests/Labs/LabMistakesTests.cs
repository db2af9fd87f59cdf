using Interp.Notebooks.Files;

namespace Interp.Notebooks.Tests.Labs;

/// <summary>Tries every wrong answer of a lab: each is caught where it is made, by a message that names it.</summary>
/// <typeparam name="TLab">The class of the lab, which has the answers.</typeparam>
public abstract class LabMistakesTests<TLab>(LabMistakesTests<TLab>.Trial trial) : IClassFixture<LabMistakesTests<TLab>.Trial>
    where TLab : ILabMistakes
{
#pragma warning disable CA1000 // a theory's data are static
    public static TheoryData<string> Mistakes => [.. TLab.Answers.Select(answer => answer.Mistake)];
#pragma warning restore CA1000

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void The_check_of_the_exercise_names_the_mistake(string mistake) =>
        trial.Lab.AssertCaught(TLab.Answers.Single(answer => answer.Mistake == mistake));

    [Fact]
    public void Every_exercise_has_a_typical_wrong_answer_and_the_lab_at_least_twenty()
    {
        Assert.Equal(Solutions.Exercises(trial.Lab.Notebook), TLab.Answers.Select(answer => answer.Exercise).Distinct());
        Assert.True(TLab.Answers.Count >= 20, $"{TLab.Answers.Count}");
    }

    [Fact]
    public void A_wrong_answer_ends_a_run_at_its_check() => LabTrial.AssertCaughtByTheRunner(TLab.Notebook, TLab.Answers[0]);

    /// <summary>The trial of all answers, once for the class.</summary>
    public sealed class Trial
    {
        public LabTrial Lab { get; } = new(TLab.Notebook, TLab.Answers);
    }
}
