namespace Interp.Torch.Tests.Optim;

public class OptimizerTests
{
    public static TheoryData<string> Kinds => ["Adam", "AdamW", "AdamW amsgrad", "SGD", "SGD momentum"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_restored_optimizer_goes_on_to_the_same_bits(string kind)
    {
        var (weight, bias) = (Weights(1), Weights(2));
        using var first = New(kind, weight, bias);
        for (var step = 0; step < 5; step++) Train(first, weight, bias, step);

        var (weight2, bias2) = (Copy(weight), Copy(bias));
        using var second = New(kind, weight2, bias2);
        second.load_state_dict(Roundtrip(first.state_dict()));
        for (var step = 5; step < 10; step++)
        {
            Train(first, weight, bias, step);
            Train(second, weight2, bias2, step);
        }

        Assert.Equal(weight.ToArray<float>(), weight2.ToArray<float>());
        Assert.Equal(bias.ToArray<float>(), bias2.ToArray<float>());
        Assert.NotEqual(Weights(1).ToArray<float>(), weight.ToArray<float>());
    }

    [Fact]
    public void A_restored_state_is_a_copy()
    {
        var weight = Weights(1);
        using var first = New("AdamW", weight);
        Train(first, weight, weight, 0);
        var copy = Copy(weight);
        using var second = New("AdamW", copy);
        second.load_state_dict(first.state_dict());
        var before = second.state_dict().Tensors["state.0.exp_avg"].ToArray<float>();
        Train(first, weight, weight, 1);
        Assert.Equal(before, second.state_dict().Tensors["state.0.exp_avg"].ToArray<float>());
    }

    [Fact]
    public void Groups_have_their_own_learning_rates()
    {
        var (slow, fast, frozen) = (Weights(1), Weights(1), Weights(1));
        using var optimizer = new SGD([slow], new SgdOptions { LearningRate = 0.1 });
        optimizer.add_param_group([fast], new SgdOptions { LearningRate = 0.2 });
        optimizer.add_param_group([frozen], new SgdOptions { LearningRate = 0 });
        foreach (var parameter in new[] { slow, fast, frozen }) parameter.sum().backward();
        optimizer.step();
        AssertTensor.Close(Weights(1).detach() - 0.1, slow.detach());
        AssertTensor.Close(Weights(1).detach() - 0.2, fast.detach());
        AssertTensor.Close(Weights(1).detach(), frozen.detach());
    }

    [Fact]
    public void A_parameter_without_a_gradient_stays_as_it_is()
    {
        var (used, unused) = (Weights(1), Weights(2));
        using var optimizer = new AdamW([used, unused], new AdamWOptions { WeightDecay = 1 });
        used.sum().backward();
        optimizer.step();
        Assert.Equal(Weights(2).ToArray<float>(), unused.ToArray<float>());
        Assert.DoesNotContain("state.1.step", optimizer.state_dict().Numbers.Keys);
    }

    [Fact]
    public void A_step_is_not_recorded_for_gradients()
    {
        var weight = Weights(1);
        using var optimizer = New("AdamW", weight);
        Train(optimizer, weight, weight, 0);
        Assert.True(weight.is_leaf);
        Assert.True(weight.requires_grad);
        Assert.All(optimizer.state_dict().Tensors.Values, tensor => Assert.False(tensor.requires_grad));
    }

    [Fact]
    public void The_state_outlives_the_scope_of_the_step_that_made_it()
    {
        var weight = Weights(1);
        using var optimizer = New("AdamW", weight);
        using (torch.NewDisposeScope()) Train(optimizer, weight, weight, 0);
        Train(optimizer, weight, weight, 1);
        Assert.Equal(2, optimizer.state_dict().Numbers["state.0.step"]);
    }

    [Fact]
    public void Gradients_are_freed_or_zeroed()
    {
        var weight = Weights(1);
        using var optimizer = New("SGD", weight);
        weight.sum().backward();
        var memory = weight.grad!.data_ptr;
        optimizer.zero_grad(setToNone: false);
        Assert.Equal(memory, weight.grad!.data_ptr);
        Assert.Equal(new float[6], weight.grad!.ToArray<float>());
        optimizer.zero_grad();
        Assert.Null(weight.grad);
    }

    [Fact]
    public void Zeroing_a_recorded_gradient_does_not_touch_the_old_graph()
    {
        var weight = Weights(1);
        using var optimizer = New("SGD", weight);
        weight.pow(3).sum().backward(createGraph: true);
        optimizer.zero_grad(setToNone: false);
        Assert.Equal(new float[6], weight.grad!.ToArray<float>());
        Assert.False(weight.grad!.requires_grad);
    }

    [Fact]
    public void Parameters_that_cannot_be_optimized_are_errors()
    {
        var weight = Weights(1);
        Assert.Contains("at least one", Error([]));
        Assert.Contains("already optimized", Error([weight, weight]));
        Assert.Contains("leaves", Error([weight * 2]));
        Assert.Contains("int64", Error([Make.Of(1L)]));
        using var optimizer = New("Adam", weight);
        Assert.Contains("already optimized", Assert.Throws<ArgumentException>(
            () => optimizer.add_param_group([weight], new AdamOptions())).Message);
        Assert.Contains("not SgdOptions", Assert.Throws<ArgumentException>(
            () => optimizer.add_param_group([Weights(2)], new SgdOptions())).Message);
        Assert.Contains("not SgdOptions", Assert.Throws<ArgumentException>(
            () => optimizer.Groups[0].Options = new SgdOptions()).Message);

        static string Error(Tensor[] parameters) =>
            Assert.Throws<ArgumentException>(() => new SGD(parameters)).Message;
    }

    [Fact]
    public void A_learning_rate_below_zero_is_an_error()
    {
        using var optimizer = New("Adam", Weights(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Groups[0].LearningRate = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Groups[0].LearningRate = double.NaN);
        Assert.Equal(0.1, optimizer.Groups[0].LearningRate);
    }

    [Fact]
    public void A_state_of_something_else_is_an_error_and_changes_nothing()
    {
        var weight = Weights(1);
        using var adam = New("Adam", weight);
        Train(adam, weight, weight, 0);
        var good = adam.state_dict();
        var other = Make.Normal(3, 4, 4).requires_grad_();

        Assert.Contains("no number", Error(New("SGD", Weights(1)), good));
        Assert.Contains("shape [2, 3]", Error(New("Adam", other), good));
        Assert.Contains("1 parameters", Error(New("Adam", weight), With(good, "state.7.step", 1)));
        Assert.Contains("no 'state.0.step'", Error(New("Adam", weight), Without(good, "state.0.step")));
        Assert.Contains("Beta1", Assert.ThrowsAny<ArgumentException>(
            () => adam.load_state_dict(With(good, "param_groups.0.beta1", 2))).Message);
        Assert.Equal(1, adam.state_dict().Numbers["state.0.step"]);

        static string Error(Optimizer optimizer, OptimizerState state)
        {
            using (optimizer) return Assert.Throws<ArgumentException>(() => optimizer.load_state_dict(state)).Message;
        }
    }

    [Fact]
    public void Disposing_frees_the_state_and_not_the_parameters()
    {
        var weight = Weights(1);
        var optimizer = New("AdamW", weight);
        Train(optimizer, weight, weight, 0);
        var tensors = optimizer.state_dict().Tensors.Values.ToArray();
        optimizer.Dispose();
        Assert.Equal(2, tensors.Length);
        Assert.All(tensors, tensor => Assert.True(tensor.IsDisposed));
        Assert.False(weight.IsDisposed);
    }

    private static Tensor Weights(ulong seed) => Make.Normal(seed, 2, 3).requires_grad_();

    private static Tensor Copy(Tensor tensor) => tensor.detach().clone().requires_grad_();

    private static Optimizer New(string kind, params Tensor[] parameters) => kind switch
    {
        "Adam" => new Adam(parameters, new AdamOptions { LearningRate = 0.1, WeightDecay = 0.1 }),
        "AdamW" => new AdamW(parameters, new AdamWOptions { LearningRate = 0.1 }),
        "AdamW amsgrad" => new AdamW(parameters, new AdamWOptions { LearningRate = 0.1, AmsGrad = true }),
        "SGD" => new SGD(parameters, new SgdOptions { LearningRate = 0.1 }),
        "SGD momentum" => new SGD(parameters, new SgdOptions { LearningRate = 0.1, Momentum = 0.9, Nesterov = true }),
        _ => throw new ArgumentException(kind),
    };

    private static void Train(Optimizer optimizer, Tensor a, Tensor b, int step)
    {
        optimizer.zero_grad();
        var target = Make.Normal(100 + (ulong)step, 2, 3);
        ((a - target).square() * (b + 2).abs()).sum().backward();
        optimizer.step();
    }

    /// <summary>What a file does: tensors as bytes, numbers as text.</summary>
    private static OptimizerState Roundtrip(OptimizerState state) => new(
        state.Tensors.ToDictionary(pair => pair.Key, pair => torch.tensor(pair.Value.ToArray<float>(),
            pair.Value.shape)),
        state.Numbers.ToDictionary(pair => pair.Key, pair => double.Parse(pair.Value.ToString("R"))));

    private static OptimizerState With(OptimizerState state, string name, double value) =>
        state with { Numbers = new Dictionary<string, double>(state.Numbers) { [name] = value } };

    private static OptimizerState Without(OptimizerState state, string name) =>
        state with { Numbers = state.Numbers.Where(pair => pair.Key != name).ToDictionary() };
}
