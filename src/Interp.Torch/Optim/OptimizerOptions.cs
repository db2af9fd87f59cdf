namespace Interp.Torch.Optim;

/// <summary>What every optimizer can be told, once for each group of parameters.</summary>
public abstract record OptimizerOptions
{
    /// <summary>How far a step goes.</summary>
    public abstract double LearningRate { get; init; }

    /// <summary>How strongly parameters are pulled to 0.</summary>
    public abstract double WeightDecay { get; init; }

    /// <summary>Whether to go up the gradient instead of down.</summary>
    /// <value>false</value>
    public bool Maximize { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside its range.</exception>
    internal virtual void Validate()
    {
        Check(nameof(LearningRate), LearningRate, LearningRate >= 0, "at least 0");
        Check(nameof(WeightDecay), WeightDecay, WeightDecay >= 0, "at least 0");
    }

    /// <summary>The options as numbers, to be saved with the state.</summary>
    internal virtual IEnumerable<(string Name, double Value)> Numbers() =>
    [
        ("lr", LearningRate), ("weight_decay", WeightDecay), ("maximize", Maximize ? 1 : 0),
    ];

    /// <summary>The same options with saved numbers.</summary>
    internal virtual OptimizerOptions With(Func<string, double> number) => this with
    {
        LearningRate = number("lr"),
        WeightDecay = number("weight_decay"),
        Maximize = number("maximize") != 0,
    };

    private protected static void Check(string name, double value, bool valid, string allowed)
    {
        if (!valid || !double.IsFinite(value))
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {allowed}");
    }
}
