using Interp.Torch.Engine;

namespace Interp.Torch;

// Random numbers from a given generator.
public sealed partial class Tensor
{
    private static readonly Operator UniformInPlaceOp = Operator.Get("aten::uniform_");
    private static readonly Operator NormalInPlaceOp = Operator.Get("aten::normal_");
    private static readonly Operator BernoulliOp = Operator.Get("aten::bernoulli");
    private static readonly Operator BernoulliFloatInPlaceOp = Operator.Get("aten::bernoulli_.float");
    private static readonly Operator ExponentialInPlaceOp = Operator.Get("aten::exponential_");
    private static readonly Operator RandomFromInPlaceOp = Operator.Get("aten::random_.from");
    private static readonly Operator MultinomialOp = Operator.Get("aten::multinomial");

    /// <summary>Numbers between two bounds, in place.</summary>
    public Tensor uniform_(double from = 0, double to = 1, Generator? generator = null)
    {
        UniformInPlaceOp.CallInPlace(this, from, to, generator);
        return this;
    }

    /// <summary>Normally distributed numbers, in place.</summary>
    public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null)
    {
        NormalInPlaceOp.CallInPlace(this, mean, std, generator);
        return this;
    }

    /// <summary>1 with the probability that each element gives, else 0.</summary>
    public Tensor bernoulli(Generator? generator = null) => BernoulliOp.Call(this, generator);

    /// <summary>1 with a probability, else 0, in place.</summary>
    public Tensor bernoulli_(double p, Generator? generator = null)
    {
        BernoulliFloatInPlaceOp.CallInPlace(this, p, generator);
        return this;
    }

    /// <summary>Exponentially distributed numbers, in place.</summary>
    public Tensor exponential_(double lambd = 1, Generator? generator = null)
    {
        ExponentialInPlaceOp.CallInPlace(this, lambd, generator);
        return this;
    }

    /// <summary>Integers from one bound to before another, in place.</summary>
    public Tensor random_(long from, long? to, Generator? generator = null)
    {
        RandomFromInPlaceOp.CallInPlace(this, from, to, generator);
        return this;
    }

    /// <summary>Indices drawn with probabilities in proportion to the elements of the last dimension.</summary>
    public Tensor multinomial(long count, bool replacement = false, Generator? generator = null) =>
        MultinomialOp.Call(this, count, replacement, generator);
}
