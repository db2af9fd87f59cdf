namespace Interp.Notebooks.Tests.Labs;

/// <summary>
/// Typical wrong answers to the exercises of <c>lab2/modular-addition.ipynb</c>: each is caught where it is made.
/// </summary>
public sealed class ModularAdditionLabMistakesTests(LabMistakesTests<ModularAdditionLabMistakesTests>.Trial trial)
    : LabMistakesTests<ModularAdditionLabMistakesTests>(trial), ILabMistakes
{
    public static string Notebook => "modular-addition";

    public static IReadOnlyList<WrongAnswer> Answers { get; } =
    [
        new("pairs", "a and b exchanged", "stack([a, b,", "stack([b, a,", "a and b are exchanged"),
        new("pairs", "last number as equals", "full_like(a, p)", "full_like(a, p - 1)", "the token of '='"),
        new("loss", "float32", ".to(ScalarType.Float64)", "", "computed in float32"),
        new("loss", "softmax over pairs", "log_softmax(-1)", "log_softmax(0)", "runs over the pairs"),
        new("loss", "sum", ".mean()", ".sum()", "take the mean"),
        new("fourier-basis", "sine before cosine", "rows.Add(angle.cos());\n        rows.Add(angle.sin());",
            "rows.Add(angle.sin());\n        rows.Add(angle.cos());", "cosine and sine are exchanged"),
        new("fourier-basis", "not normalized",
            " / basis.square().sum(-1, keepdim: true).sqrt()", "", "not divided by their lengths"),
        new("fourier-basis", "normalized by p", "basis.square().sum(-1, keepdim: true).sqrt()", "p", "divided by p"),
        new("fourier-basis", "constant as a wave",
            "basis.square().sum(-1, keepdim: true).sqrt()", "Math.Sqrt(p / 2.0)", "its own is √p"),
        new("fourier-basis", "half a turn", "2 * Math.PI", "Math.PI", "once around the circle is 2π"),
        new("fourier-basis", "x from 1", "torch.arange(p)", "(torch.arange(p) + 1)", "x runs from 1"),
        new("spectrum", "no root", ".sqrt()", "", "root is missing"),
        new("spectrum", "cosines only", "(cosines + sines)", "cosines", "only the cosines"),
        new("spectrum", "mean", ".sum(-1)", ".mean(-1)", "averaged over the columns"),
        new("spectrum", "basis transposed", "basis.matmul", "basis.t().matmul", "basis is transposed"),
        new("key-frequencies", "indices",
            "Range(1, values.Length).Where(k => values[k - 1]", "Range(0, values.Length).Where(k => values[k]",
            "index 0"),
        new("key-frequencies", "quarter of the mean", "values.Max()", "values.Average()", "not of the mean"),
        new("frequency-share", "constant counted",
            "picture - picture.mean([0, 1], keepdim: true)", "picture", "constant is counted"),
        new("frequency-share", "not squared", ".square()", ".abs()", "not squared"),
        new("frequency-share", "products only",
            "{ 0, 2 * k - 1, 2 * k }", "{ 2 * k - 1, 2 * k }", "products with the constant are missing"),
        new("frequency-share", "no total", " / total", "", "divide by the neuron's total"),
        new("wave", "sign of c", "- torch.arange(p)", "+ torch.arange(p)", "sign of c"),
        new("wave", "sign of b", "pairs.select(1, 0) +", "pairs.select(1, 0) -", "wave of a − b"),
        new("wave", "sine", ".cos()", ".sin()", "this is the sine"),
        new("fit", "not centred", "logits - logits.mean(-1, keepdim: true)", "logits", "not centred"),
        new("fit", "not divided", " / wave.square().sum()", "", "not divided by Σ wave²"),
        new("fit", "what is left", "1 - ((centred", "((centred", "the part that is left"),
        new("along", "no unit vectors", " / wave.square().sum().sqrt()", "", "not divided by their lengths"),
        new("along", "cosines alone", "{ angle.cos(), angle.sin() }", "{ angle.cos() }", "sines are missing"),
        new("restricted-excluded", "mean left out", "logits.mean(0, keepdim: true) + ", "", "(axis 0) is missing"),
        new("restricted-excluded", "mean over answers", "mean(0,", "mean(1,", "changes no probability"),
        new("restricted-excluded", "excluded over all pairs",
            "Loss(rest[train], labels[train])", "Loss(rest, labels)", "over all pairs"),
        new("gini", "not sorted", ".Order()", "", "not sorted"),
        new("gini", "falling order", ".Order()", ".OrderDescending()", "falling order"),
        new("gini", "counted from 0", "(index + 1)", "index", "i counts from 0"),
        new("phases", "first above half",
            "curve.Last(m => m.TestLoss >= peak / 2)", "curve.First(m => m.TestLoss >= peak / 2)", "take the last"),
        new("phases", "one epoch early", "curve.First(m => m.Step > high).Step", "high", "the border is the next one"),
        new("phases", "largest excluded loss", "MinBy", "MaxBy", "excluded loss is largest"),
    ];
}
