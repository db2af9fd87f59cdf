namespace Interp.Torch.Optim;

/// <summary>Parameters that are trained with the same options.</summary>
public sealed class ParameterGroup
{
    private OptimizerOptions options;

    internal ParameterGroup(IReadOnlyList<Tensor> parameters, OptimizerOptions options)
    {
        options.Validate();
        Parameters = parameters;
        this.options = options;
        InitialLearningRate = options.LearningRate;
    }

    /// <summary>The tensors that steps change.</summary>
    public IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>The options of the next step.</summary>
    /// <exception cref="ArgumentException">Set to the options of another optimizer,
    /// or to values outside their range.</exception>
    public OptimizerOptions Options
    {
        get => options;
        set
        {
            if (value.GetType() != options.GetType())
                throw new ArgumentException($"this group takes {options.GetType().Name}, not {value.GetType().Name}");
            value.Validate();
            options = value;
        }
    }

    /// <summary>The learning rate of the next step; what a schedule sets.</summary>
    public double LearningRate
    {
        get => options.LearningRate;
        set => Options = options with { LearningRate = value };
    }

    /// <summary>The learning rate that the group was made with; schedules are factors of it.</summary>
    public double InitialLearningRate { get; internal set; }
}
