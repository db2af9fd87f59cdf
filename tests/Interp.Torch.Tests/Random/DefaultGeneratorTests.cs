namespace Interp.Torch.Tests.Random;

/// <summary>The generator of the whole process; these tests run alone.</summary>
[Collection(RunsAlone.Name)]
public class DefaultGeneratorTests
{
    [Fact]
    public void A_seed_for_everything_gives_the_same_numbers_again()
    {
        using var generator = torch.manual_seed(0);
        AssertTensor.Close([1.5410, -0.2934, -2.1788], torch.randn([3]), 1e-4);
        var next = torch.randn([3]).ToArray<float>();
        using (Generator.Default()) torch.manual_seed(0);
        torch.randn([3]);
        Assert.Equal(next, torch.randn([3]).ToArray<float>());
    }
}
