namespace Interp.Torch;

// +, −, *, /, comparisons and % with tensors and numbers. == and != keep C#'s meaning: the same object.
public sealed partial class Tensor
{
    /// <summary>Sum.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => a.add(b);

    /// <summary>Sum.</summary>
    public static Tensor operator +(Tensor a, Scalar b) => a.add(b);

    /// <summary>Sum.</summary>
    public static Tensor operator +(Scalar a, Tensor b) => b.add(a);

    /// <summary>Difference.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => a.sub(b);

    /// <summary>Difference.</summary>
    public static Tensor operator -(Tensor a, Scalar b) => a.sub(b);

    /// <summary>Difference.</summary>
    public static Tensor operator -(Scalar a, Tensor b) => RsubOp.Call(b, a);

    /// <summary>Every element with its sign turned.</summary>
    public static Tensor operator -(Tensor a) => a.neg();

    /// <summary>Product of elements.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => a.mul(b);

    /// <summary>Product.</summary>
    public static Tensor operator *(Tensor a, Scalar b) => a.mul(b);

    /// <summary>Product.</summary>
    public static Tensor operator *(Scalar a, Tensor b) => b.mul(a);

    /// <summary>Quotient of elements.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => a.div(b);

    /// <summary>Quotient.</summary>
    public static Tensor operator /(Tensor a, Scalar b) => a.div(b);

    /// <summary>A number over every element.</summary>
    public static Tensor operator /(Scalar a, Tensor b)
    {
        using var inverse = b.reciprocal();
        return inverse.mul(a);
    }

    /// <summary>Remainder with the sign of the divisor.</summary>
    public static Tensor operator %(Tensor a, Scalar b) => a.remainder(b);

    /// <summary>Remainder with the sign of the divisor.</summary>
    public static Tensor operator %(Tensor a, Tensor b) => a.remainder(b);

    /// <summary>Less than, element by element.</summary>
    public static Tensor operator <(Tensor a, Tensor b) => a.lt(b);

    /// <summary>Less than, element by element.</summary>
    public static Tensor operator <(Tensor a, Scalar b) => a.lt(b);

    /// <summary>Greater than, element by element.</summary>
    public static Tensor operator >(Tensor a, Tensor b) => a.gt(b);

    /// <summary>Greater than, element by element.</summary>
    public static Tensor operator >(Tensor a, Scalar b) => a.gt(b);

    /// <summary>At most, element by element.</summary>
    public static Tensor operator <=(Tensor a, Tensor b) => a.le(b);

    /// <summary>At most, element by element.</summary>
    public static Tensor operator <=(Tensor a, Scalar b) => a.le(b);

    /// <summary>At least, element by element.</summary>
    public static Tensor operator >=(Tensor a, Tensor b) => a.ge(b);

    /// <summary>At least, element by element.</summary>
    public static Tensor operator >=(Tensor a, Scalar b) => a.ge(b);

    /// <summary>Both true, for bool tensors; the bits in common, for integers.</summary>
    public static Tensor operator &(Tensor a, Tensor b) => BitwiseAndOp.Call(a, b);

    /// <summary>At least one true, for bool tensors; all bits, for integers.</summary>
    public static Tensor operator |(Tensor a, Tensor b) => BitwiseOrOp.Call(a, b);

    /// <summary>Exactly one true, for bool tensors; the bits that differ, for integers.</summary>
    public static Tensor operator ^(Tensor a, Tensor b) => BitwiseXorOp.Call(a, b);

    /// <summary>Not, for bool tensors; all bits turned, for integers.</summary>
    public static Tensor operator ~(Tensor a) => BitwiseNotOp.Call(a);

    private static readonly Engine.Operator RsubOp = Engine.Operator.Get("aten::rsub.Scalar");
    private static readonly Engine.Operator BitwiseAndOp = Engine.Operator.Get("aten::bitwise_and.Tensor");
    private static readonly Engine.Operator BitwiseOrOp = Engine.Operator.Get("aten::bitwise_or.Tensor");
    private static readonly Engine.Operator BitwiseXorOp = Engine.Operator.Get("aten::bitwise_xor.Tensor");
    private static readonly Engine.Operator BitwiseNotOp = Engine.Operator.Get("aten::bitwise_not");
}
