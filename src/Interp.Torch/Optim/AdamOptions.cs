namespace Interp.Torch.Optim;

/// <summary>Options of <see cref="Adam"/>; the defaults are PyTorch's.</summary>
public record AdamOptions : OptimizerOptions
{
    /// <summary>How far a step goes: about the change of a parameter in one step.</summary>
    /// <value>0.001</value>
    public override double LearningRate { get; init; } = 1e-3;

    /// <summary>How strongly parameters are pulled to 0.</summary>
    /// <value>0 for Adam, 0.01 for AdamW</value>
    public override double WeightDecay { get; init; }

    /// <summary>How much of the running mean of gradients a step keeps.</summary>
    /// <value>0.9</value>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>How much of the running mean of squared gradients a step keeps.</summary>
    /// <value>0.999</value>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the mean square, against division by 0.</summary>
    /// <value>1e-8</value>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Divides by the largest mean square so far (Reddi, Kale and Kumar 2018).</summary>
    /// <value>false</value>
    public bool AmsGrad { get; init; }

    /// <summary>
    /// One pass over memory a step instead of eight, as in PyTorch's optimizer: on CPUs where the engine has the kernel,
    /// not with <see cref="AmsGrad"/>; elsewhere it changes nothing. The last bit of a parameter can differ.
    /// </summary>
    /// <value>false</value>
    public bool Fused { get; init; }

    internal override void Validate()
    {
        base.Validate();
        Check(nameof(Beta1), Beta1, Beta1 is >= 0 and < 1, "at least 0 and less than 1");
        Check(nameof(Beta2), Beta2, Beta2 is >= 0 and < 1, "at least 0 and less than 1");
        Check(nameof(Epsilon), Epsilon, Epsilon >= 0, "at least 0");
    }

    internal override IEnumerable<(string Name, double Value)> Numbers() =>
    [
        .. base.Numbers(), ("beta1", Beta1), ("beta2", Beta2), ("eps", Epsilon), ("amsgrad", AmsGrad ? 1 : 0),
    ];

    internal override OptimizerOptions With(Func<string, double> number) => (AdamOptions)base.With(number) with
    {
        Beta1 = number("beta1"),
        Beta2 = number("beta2"),
        Epsilon = number("eps"),
        AmsGrad = number("amsgrad") != 0,
    };
}
