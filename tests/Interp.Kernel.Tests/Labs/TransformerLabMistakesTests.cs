using Interp.Kernel.Notebooks;

namespace Interp.Kernel.Tests.Labs;

/// <summary>
/// Typical wrong answers to the exercises of <c>lab2/transformer.ipynb</c>: each is caught where it is made.
/// </summary>
public sealed class TransformerLabMistakesTests(TransformerLabMistakesTests.Trial trial)
    : IClassFixture<TransformerLabMistakesTests.Trial>
{
    private const string Notebook = "transformer";

    private static readonly WrongAnswer[] Answers =
    [
        new("embedding", "positions forgotten", " + W_pos.narrow(0, 0, tokens.size(1))", "", "positions are missing"),
        new("embedding", "positions off by one", "narrow(0, 0,", "narrow(0, 1,", "off by one"),
        new("embedding", "positions transposed", "W_pos.narrow", "W_pos.t().narrow", "axes swapped"),
        new("layer-norm", "sample variance",
            "centred.square().mean(-1, keepdim: true)", "x.var(-1, keepdim: true)", "divided by n − 1"),
        new("layer-norm", "eps outside the root",
            "(variance + eps).sqrt()", "(variance.sqrt() + eps)", "outside the root"),
        new("layer-norm", "wrong axis", "mean(-1,", "mean(1,", "run over the places"),
        new("layer-norm", "mean not subtracted", "x - x.mean(-1, keepdim: true)", "x", "mean is not subtracted"),
        new("layer-norm", "shift forgotten", " * w + b", " * w", "shift b is missing"),
        new("project", "bias forgotten", " + b;", ";", "bias is missing"),
        new("project", "weights reshaped", "torch.einsum(\"bpd,hde->bphe\", x, W)",
            "x.matmul(W.reshape(x.size(-1), -1)).reshape(x.size(0), x.size(1), W.size(0), -1)", "mixes its axes"),
        new("attention-scores", "no scale", " / Math.Sqrt(q.size(-1))", "", "not divided by √d_head"),
        new("attention-scores", "scale without root", "Math.Sqrt(q.size(-1))", "q.size(-1)", "divided by d_head"),
        new("attention-scores", "query and key swapped", "->bhqk", "->bhkq", "[key, query]"),
        new("softmax", "largest not subtracted",
            "(x - x.amax(dim, keepdim: true)).exp()", "x.exp()", "subtract the largest"),
        new("softmax", "another axis", "(dim,", "(1,", "another axis than dim"),
        new("pattern", "mask after softmax", "Softmax(scores.masked_fill(future, double.NegativeInfinity), -1)",
            "Softmax(scores, -1).masked_fill(future, 0)", "after the softmax"),
        new("pattern", "masked with zeros", "double.NegativeInfinity", "0", "set them to −∞"),
        new("pattern", "diagonal masked", "triu(1)", "triu()", "may look at itself"),
        new("pattern", "past masked", "triu(1)", "tril(-1)", "hides the past"),
        new("pattern", "softmax over queries", ", -1);", ", -2);", "runs over the queries"),
        new("attention-output", "output bias forgotten", " + b_O", "", "b_O is missing"),
        new("attention-output", "bias once a head", "torch.einsum(\"bqhe,hed->bqd\", z, W_O) + b_O",
            "(torch.einsum(\"bqhe,hed->bqhd\", z, W_O) + b_O).sum(2)", "once for every head"),
        new("attention-output", "pattern transposed", "bhqk,bkhe", "bhkq,bkhe", "query and key swapped"),
        new("gelu", "exact GELU",
            "x / 2 * (1 + (Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x.pow(3))).tanh())", "x.gelu()", "exact GELU"),
        new("gelu", "root of 2 over π", "Math.Sqrt(2 / Math.PI)", "Math.Sqrt(2) / Math.PI", "under the root"),
        new("mlp", "b_in forgotten", " + b_in", "", "b_in is missing"),
        new("mlp", "no activation", "Gelu(", "(", "no GELU"),
        new("block", "residual forgotten", "x + Attention", "Attention", "residual of attention is missing"),
        new("block", "MLP reads the old stream", "LayerNorm(mid,", "LayerNorm(x,", "MLP reads x"),
        new("block", "MLP added to the old stream", "return mid +", "return x +", "what attention wrote is lost"),
        new("block", "first norm twice", "w.LN2_w, w.LN2_b", "w.LN1_w, w.LN1_b", "LN2"),
        new("transformer", "no last norm", "LayerNorm(x, w.LNf_w, w.LNf_b).matmul", "x.matmul", "last norm is missing"),
        new("transformer", "embedding as unembedding", "w.W_U", "w.W_E.t()", "unembedding of its own"),
        new("loss", "not shifted",
            "tokens.narrow(1, 1, count)", "tokens.narrow(1, 0, count)", "token at the same place"),
        new("loss", "sum", ".mean()", ".sum()", "take the mean"),
        new("loss", "sign", "-logProbs", "logProbs", "sign is the other one"),
        new("load-weights", "reshaped without permuting",
            ".reshape(width, heads, -1).permute(1, 0, 2)", ".reshape(heads, width, -1)", "mixes rows and columns"),
        new("load-weights", "parts in another order",
            "part * width", "(2 - part) * width", "order is queries, keys, values"),
        new("load-weights", "weights transposed",
            "qkv.narrow(1, part * width, width)", "qkv.narrow(1, part * width, width).t()", "stored [in, out] already"),
        new("load-weights", "output transposed", "weight.reshape", "weight.t().reshape", "c_proj is transposed"),
        new("next-token", "multiplied by temperature",
            "logits / temperature", "logits * temperature", "multiplied by the temperature"),
        new("next-token", "one too few", "topk(topK)", "topk(topK - 1)", "one token too few"),
        new("next-token", "removed after softmax",
            "Softmax(scaled.masked_fill(scaled < smallest, double.NegativeInfinity), -1)",
            "Softmax(scaled, -1).masked_fill(scaled < smallest, 0)", "after the softmax"),
        new("greedy", "first place", "[0, ^1]", "[0, 0]", "the choice at the first place"),
        new("greedy", "put in front",
            "torch.cat([tokens, next.view(1, 1)], 1)", "torch.cat([next.view(1, 1), tokens], 1)", "append behind it"),
        new("greedy", "not appended",
            "tokens = torch.cat([tokens, next.view(1, 1)], 1)",
            "tokens = torch.cat([tokens.narrow(1, 0, tokens.size(1) - 1), next.view(1, 1)], 1)",
            "number of tokens"),
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
