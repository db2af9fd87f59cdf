using Interp.Kernel.Notebooks;

namespace Interp.Kernel.Tests.Labs;

/// <summary>Typical wrong answers to the exercises of <c>lab2/superposition.ipynb</c>: each is caught where it is
/// made.</summary>
public sealed class SuperpositionLabMistakesTests(SuperpositionLabMistakesTests.Trial trial)
    : IClassFixture<SuperpositionLabMistakesTests.Trial>
{
    private const string Notebook = "superposition";

    private static readonly WrongAnswer[] Answers =
    [
        new("draw", "density inverted", ".lt(density)", ".ge(density)", "this is 1 − p"),
        new("draw", "a whole example at once", "var on = torch.rand([batch, features]", "var on = torch.rand([batch, 1]",
            "decide for each element"),
        new("draw", "values from a normal", "values = torch.rand(", "values = torch.randn(", "not randn"),
        new("draw", "values not drawn", "values = torch.rand([batch, features], random)",
            "values = torch.ones([batch, features])", "every value is 1"),
        new("draw", "one draw for both", "var on = torch.rand([batch, features], random).lt(density);\n"
            + "    var values = torch.rand([batch, features], random);",
            "var values = torch.rand([batch, features], random);\n    var on = values.lt(density);", "draw a second time"),
        new("rebuild", "bias outside", "(h.matmul(W.t()) + b).relu()", "h.matmul(W.t()).relu() + b", "outside the ReLU"),
        new("rebuild", "no ReLU", ".relu()", "", "ReLU is missing"),
        new("rebuild", "bias forgotten", " + b)", ")", "bias is missing"),
        new("rebuild", "W alone", "(h.matmul(W.t()) + b).relu()", "h.relu()", "multiply by Wᵀ"),
        new("toy-loss", "importance squared", "(importance * errors)", "(importance.square() * errors)",
            "importance is squared"),
        new("toy-loss", "importance forgotten", "(importance * errors)", "errors", "importance is missing"),
        new("toy-loss", "mean over features", ".sum(-1).mean()", ".mean()", "mean runs over the features"),
        new("toy-loss", "means and sums swapped", ".sum(-1).mean()", ".mean(-1).sum()", "other way around"),
        new("toy-loss", "absolute differences", ".square()", ".abs()", "square them"),
        new("train-step", "gradients kept", "    optimizer.zero_grad();\n", "", "call zero_grad() first"),
        new("train-step", "no step", "    optimizer.step();\n", "", "W has not changed"),
        new("train-step", "gradients thrown away", "    optimizer.step();", "    optimizer.zero_grad(); optimizer.step();",
            "W has not changed"),
        new("train-step", "uphill", "loss.backward()", "(-loss).backward()", "uphill"),
        new("dimensionality", "both unit", "matmul(W.t())", "matmul((W / norms).t())", "both vectors"),
        new("dimensionality", "none unit", "(W / norms).matmul", "W.matmul", "no vector is brought"),
        new("dimensionality", "sum over i", "products.square().sum(-1)", "products.square().sum(0)", "the sum runs over i"),
        new("dimensionality", "norm not squared", "norms.square().squeeze", "norms.squeeze", "not squared"),
        new("sae-forward", "b_dec not subtracted", "(x - sae.b_dec)", "x", "b_dec is not subtracted"),
        new("sae-forward", "b_enc forgotten", " + sae.b_enc", "", "b_enc is missing"),
        new("sae-forward", "no ReLU in the encoder", ".relu()", "", "ReLU is missing"),
        new("sae-forward", "reads with the decoder", "sae.W_enc)", "sae.W_dec.t())", "reads with the decoder"),
        new("sae-forward", "b_dec not added", " + sae.b_dec;", ";", "b_dec is missing"),
        new("sae-forward", "writes with the encoder", "f.matmul(sae.W_dec)", "f.matmul(sae.W_enc.t())",
            "writes with the encoder"),
        new("sae-loss", "no absolute value", "f.abs()", "f", "absolute value is missing"),
        new("sae-loss", "penalty a mean over latents", "f.abs().sum(-1).mean()", "f.abs().mean()",
            "the penalty is the mean over the latents"),
        new("sae-loss", "error a mean over the width", ".square().sum(-1).mean()", ".square().mean()",
            "the error is the mean over the width"),
        new("sae-loss", "L2 penalty", "f.abs()", "f.square()", "squared (L2)"),
        new("sae-loss", "λ at both", "error + lambda * sparsity", "lambda * (error + sparsity)", "λ stands at both"),
        new("unit-rows", "columns", "sum(-1,", "sum(0,", "the columns have length 1"),
        new("unit-rows", "no root", ".sqrt()", "", "take the root"),
        new("unit-rows", "the whole matrix", "sum(-1, keepdim: true)", "sum()", "the whole matrix"),
        new("measures", "variance not centred", "(x - x.mean(0, keepdim: true))", "x", "not centred"),
        new("measures", "mean over the width", "x.mean(0,", "x.mean(-1,", "over the width of an example"),
        new("measures", "one mean for all", "x.mean(0, keepdim: true)", "x.mean()", "one mean is subtracted"),
        new("measures", "not from 1", "1 - (left / variance)", "(left / variance)", "not explained"),
        new("measures", "counts above 1", "f.gt(0)", "f.gt(1)", "this counts f > 1"),
        new("measures", "share of latents", "f.gt(0).sum(-1).to(ScalarType.Float32)", "f.gt(0).to(ScalarType.Float32)",
            "share of all latents"),
        new("measures", "ever on", "f.gt(0).sum(-1).to(ScalarType.Float32).mean()", "f.gt(0).any(0).sum()",
            "ever on"),
        new("max-cosine", "no lengths", "UnitRows(truth).matmul(UnitRows(learned).t())", "truth.matmul(learned.t())",
            "not divided by the lengths"),
        new("max-cosine", "one length", "UnitRows(learned)", "learned", "only the true directions"),
        new("max-cosine", "another axis", "amax(-1)", "amax(0)", "the maximum runs over the features"),
        new("max-cosine", "mean of all", ".amax(-1)", "", "mean of all cosines"),
        new("steer", "strength forgotten", "strength * ", "", "strength is missing"),
        new("steer", "replaced", "value + strength * direction", "torch.zeros_like(value) + strength * direction",
            "takes the value's place"),
        new("steer", "encoder's column", "[\"W_dec\"][feature]", "[\"W_enc\"].select(1, feature)", "encoder's column"),
        new("steer", "nothing returned", "value + strength * direction", "null", "nothing is changed"),
    ];

    public static TheoryData<string> Mistakes => [.. Answers.Select(answer => answer.Mistake)];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void The_check_of_the_exercise_names_the_mistake(string mistake) =>
        trial.Lab.AssertCaught(Answers.Single(answer => answer.Mistake == mistake));

    [Fact]
    public void Every_exercise_has_a_typical_wrong_answer() =>
        Assert.Equal(Solutions.Exercises(trial.Lab.Notebook), Answers.Select(answer => answer.Exercise).Distinct());

    [Fact]
    public void A_wrong_answer_ends_a_run_at_its_check() => LabTrial.AssertCaughtByTheRunner(Notebook, Answers[0]);

    /// <summary>The trial of all answers, once for the class.</summary>
    public sealed class Trial
    {
        public LabTrial Lab { get; } = new(Notebook, Answers);
    }
}
