namespace Interp.Torch.Optim;

/// <summary>Options of <see cref="SGD"/>; the defaults are PyTorch's.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>The factor of the gradient.</summary>
    /// <value>0.001</value>
    public override double LearningRate { get; init; } = 1e-3;

    /// <summary>How strongly parameters are pulled to 0: this times the parameter is added to its gradient.</summary>
    /// <value>0</value>
    public override double WeightDecay { get; init; }

    /// <summary>How much of the last step's direction is kept.</summary>
    /// <value>0</value>
    public double Momentum { get; init; }

    /// <summary>How much of the gradient the direction leaves out.</summary>
    /// <value>0</value>
    public double Dampening { get; init; }

    /// <summary>Looks ahead along the direction (Sutskever et al. 2013); needs momentum and no dampening.</summary>
    /// <value>false</value>
    public bool Nesterov { get; init; }

    internal override void Validate()
    {
        base.Validate();
        Check(nameof(Momentum), Momentum, Momentum >= 0, "at least 0");
        Check(nameof(Dampening), Dampening, true, "a number");
        if (Nesterov && (Momentum <= 0 || Dampening != 0))
            throw new ArgumentException(
                $"Nesterov needs Momentum above 0 and Dampening 0; they are {Momentum} and {Dampening}");
    }

    internal override IEnumerable<(string Name, double Value)> Numbers() =>
    [
        .. base.Numbers(), ("momentum", Momentum), ("dampening", Dampening), ("nesterov", Nesterov ? 1 : 0),
    ];

    internal override OptimizerOptions With(Func<string, double> number) => (SgdOptions)base.With(number) with
    {
        Momentum = number("momentum"),
        Dampening = number("dampening"),
        Nesterov = number("nesterov") != 0,
    };
}
