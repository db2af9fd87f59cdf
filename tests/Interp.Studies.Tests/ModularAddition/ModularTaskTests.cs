using Interp.Studies.ModularAddition;

namespace Interp.Studies.Tests.ModularAddition;

public class ModularTaskTests
{
    [Theory]
    [InlineData(ModularOperation.Add, 13, 13), InlineData(ModularOperation.Subtract, 13, 13), InlineData(ModularOperation.Multiply, 13, 12)]
    public void The_answer_to_places_i_and_j_stands_at_place_i_plus_j(ModularOperation operation, int p, int order)
    {
        var task = new ModularTask(p, operation);
        Assert.Equal((order, p), (task.Order, task.EqualsToken));
        for (var i = 0; i < order; i++)
            for (var j = 0; j < order; j++)
            {
                var (a, b) = (task.First[i], task.Second[j]);
                var answer = operation switch { ModularOperation.Add => a + b, ModularOperation.Subtract => a - b + p, _ => a * b } % p;
                Assert.Equal(answer, task.Answers[(i + j) % order]);
            }
        Assert.Equal(order, task.First.Distinct().Count());
    }

    [Theory]
    [InlineData(12), InlineData(3), InlineData(1009)]
    public void A_modulus_that_is_no_prime_of_a_fitting_size_is_an_error(int p) =>
        Assert.Contains($"{p}; it must be a prime", Assert.Throws<ArgumentException>(() => new ModularTask(p)).Message);
}
