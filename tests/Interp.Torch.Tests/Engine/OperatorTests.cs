using System.Reflection;

namespace Interp.Torch.Tests.Engine;

public class OperatorTests
{
    /// <summary>Operators that only some engines have; their users ask with <see cref="Operator.Exists"/>.</summary>
    private static readonly string[] Optional = ["interp::attention", "aten::scaled_dot_product_attention"];

    [Fact]
    public void Every_operator_that_the_toolkit_names_exists()
    {
        var operators = Named(typeof(Tensor).Assembly);
        Assert.True(operators.Count > 300, $"only {operators.Count} found");
        Assert.Empty(operators.Where(op => !op.Exists).Select(op => op.Name).Except(Optional));
        Assert.Contains(Optional, name => Operator.Get(name).Exists);
    }

    [Fact]
    public void An_operator_without_a_name_in_the_toolkit_can_be_called()
    {
        AssertTensor.Close([0], Operator.Get("aten::special_ndtri").Call(Make.Of(0.5)));
        AssertTensor.Equal([2f], Operator.Get("aten::add.Tensor").Call(Make.Of(1f), Make.Of(1f)));
        Assert.Same(Operator.Get("aten::add.Tensor"), Operator.Get("aten::add.Tensor"));
        Assert.Equal("aten::add.Tensor", Operator.Get("aten::add.Tensor").ToString());
    }

    [Fact]
    public void Results_of_every_kind_come_back()
    {
        var x = Make.Of(2f, 1f);
        Assert.Equal(2, Operator.Get("aten::sort").CallPair(x).Item1.dim() + 1);
        Assert.Equal(3, Operator.Get("aten::linalg_svd").CallTensors(Make.Counting(2, 2)).Length);
        Assert.Equal(2, Operator.Get("aten::unbind.int").CallList(x).Length);
        Assert.Equal(true, Operator.Get("aten::equal").CallValue(x, x));
        Assert.Equal(2L, Operator.Get("aten::size.int").CallValue(x, 0));
        Assert.Equal(2.0, Operator.Get("aten::item").CallValue(x[0]));
        Assert.Equal(new System.Numerics.Complex(0, 1),
            Operator.Get("aten::item").CallValue(torch.tensor(new[] { new System.Numerics.Complex(0, 1) })));
    }

    [Fact]
    public void A_name_that_does_not_exist_is_an_error_naming_it()
    {
        Assert.Contains("aten::no_such_thing", Assert.Throws<TorchException>(
            () => Operator.Get("aten::no_such_thing").Call(Make.Of(1f))).Message);
        Assert.False(Operator.Get("aten::add.NoSuchOverload").Exists);
    }

    [Fact]
    public void Arguments_that_do_not_fit_the_schema_are_errors()
    {
        var x = Make.Of(1f);
        Assert.Contains("takes 1 arguments, got 2", Error("aten::exp", x, x));
        Assert.Contains("'other' has no default", Error("aten::maximum", x));
        Assert.NotEmpty(Error("aten::exp", 1.5));
        Assert.NotEmpty(Error("aten::exp", Arg.None));
        Assert.NotEmpty(Error("aten::maximum", x, Arg.None));
        Assert.NotEmpty(Error("aten::sum.dim_IntList", x, "text"));
        Assert.NotEmpty(Error("aten::sum.dim_IntList", x, new[] { 0.5 }));
        Assert.NotEmpty(Error("aten::gelu", x, "no such approximation"));
        Assert.NotEmpty(Error("aten::gelu", x, 3));
        Assert.NotEmpty(Error("aten::cat", x));
        Assert.NotEmpty(Error("aten::cat", Array.Empty<Tensor>()));
        Assert.Contains("tensor 1 of the list is null", Error("aten::cat", new Tensor?[] { x, null }));
        Assert.Contains("does not return one tensor", Error("aten::sort", x));

        static string Error(string name, params Arg[] args) =>
            Assert.Throws<TorchException>(() => Operator.Get(name).Call(args)).Message;
    }

    /// <summary>The static fields of type Operator of an assembly's types.</summary>
    private static List<Operator> Named(Assembly assembly) =>
    [
        .. assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == typeof(Operator))
            .Select(field => (Operator)field.GetValue(null)!),
    ];
}
