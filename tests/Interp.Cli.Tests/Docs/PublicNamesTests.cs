namespace Interp.Cli.Tests.Docs;

public sealed class PublicNamesTests
{
    [Theory]
    [InlineData("HookedTransformer")]
    [InlineData("HookedTransformer.RunWithCache")]
    [InlineData("TopKSae.Encode")]                          // of its base
    [InlineData("ActivationCache.AccumulatedResid")]        // an extension method
    public void What_is_there_is_found(string name) => Assert.True(PublicNames.Exists(name));

    [Theory]
    [InlineData("HookedTransformers")]
    [InlineData("HookedTransformer.RunWithCaches")]
    [InlineData("HookedTransformer.AccumulatedResid")]      // extends another type
    [InlineData("run_with_cache")]
    public void What_is_not_there_is_not_found(string name) => Assert.False(PublicNames.Exists(name));
}
