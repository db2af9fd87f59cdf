using Interp.Notebooks.Labs;

namespace Interp.Notebooks.Tests.Labs;

public sealed class LabRecordTests : IDisposable
{
    private readonly TinyLab _tiny = new();

    private LabExercise Twice => _tiny.Lab.Exercises[0];

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void An_answer_is_solved_as_long_as_its_code_is_the_one_that_passed()
    {
        Assert.Equal(AnswerState.NotYet, State(TinyLab.Twice));
        Assert.Equal(AnswerState.NotChecked, State(TinyLab.TwiceSolved));
        Check(TinyLab.TwiceSolved);
        Assert.Equal(AnswerState.Solved, State(TinyLab.TwiceSolved));
        Assert.Equal(AnswerState.Solved, State("// a comment\n" + TinyLab.TwiceSolved.Replace("n + n", "n  +  n")));
        Assert.Equal(AnswerState.NotChecked, State(TinyLab.TwiceSolved.Replace("n + n", "n + n + 0")));
        Assert.Equal(AnswerState.NotYet, State(TinyLab.Twice));
    }

    [Fact]
    public void An_answer_that_did_not_pass_is_wrong_until_it_is_changed()
    {
        var wrong = TinyLab.TwiceSolved.Replace("n + n", "3 * n");
        Check(wrong);
        Assert.Equal(AnswerState.Wrong, State(wrong));
        Assert.Equal(AnswerState.NotChecked, State(TinyLab.TwiceSolved));
    }

    [Fact]
    public void Hints_are_counted_and_a_record_with_nothing_new_is_not_written()
    {
        var record = LabRecord.Of(_tiny.Path);
        record.Save();
        Assert.False(File.Exists(LabRecord.FileOf(_tiny.Path)));
        record.ShowHints(Twice, 1);
        record.Save();
        Assert.Equal(1, LabRecord.Of(_tiny.Path).HintsShown(Twice));
        Assert.Equal(0, LabRecord.Of(_tiny.Path).HintsShown(_tiny.Lab.Exercises[1]));
    }

    [Fact]
    public void A_damaged_record_is_one_error_that_says_what_is_lost_with_it()
    {
        File.WriteAllText(LabRecord.FileOf(_tiny.Path), "{");
        Assert.Contains("delete it, and nothing but the record is lost",
            Assert.Throws<LabFormatException>(() => LabRecord.Of(_tiny.Path)).Message);
    }

    private AnswerState State(string answer) => LabRecord.Of(_tiny.Path).StateOf(Copy(answer).Answer(Twice));

    private void Check(string answer)
    {
        var copy = Copy(answer);
        var record = LabRecord.Of(_tiny.Path);
        record.Add(LabChecker.Run(copy).Marks[0], copy.Answer(Twice));
        record.Save();
    }

    private WorkingCopy Copy(string answer) => answer == TinyLab.Twice ? _tiny.Copy() : _tiny.Copy((TinyLab.Twice, answer));
}
