using Interp.Tokenizers.PreTokenizers;

namespace Interp.Tests.Tokenizers.PreTokenizers;

public class RegexPatternTests
{
    [Theory]
    [InlineData(@"a|[b-d]+?(?i:x)\s", @"a|[b-d]+?(?i:x)\s")]
    [InlineData(@" ?[^(\s|[.,!?])]+", @" ?[^(\s|.,!?)]+")]                // BLOOM: a class inside a class
    [InlineData(@"[]a]", @"[]a]")]
    [InlineData(@"\++[\]\\]", @"\++[\]\\]")]
    public void Patterns_are_put_into_the_syntax_of_dotnet(string pattern, string expected) =>
        Assert.Equal(expected, RegexPattern.ToDotNet(pattern));

    [Theory]
    [InlineData(@"\w+", @"the escape \w")]
    [InlineData(@"\bx", @"the escape \b")]
    [InlineData(@"^a", "an anchor")]
    [InlineData(@"a++", "a possessive +")]
    [InlineData(@"\p{N}{1,3}+", "a possessive +")]
    [InlineData(@"[a-z&&[^b]]", "an intersection")]
    [InlineData(@"[a[^b]]", "a negated class inside a class")]
    [InlineData(@"[[:alpha:]]", "a POSIX class")]
    [InlineData(@"\p{Han}", "not a general category")]
    [InlineData("\U0001F600", "beyond U+FFFF")]
    [InlineData("[\u0900-\uFFFD]", "a range over the characters that stand for those beyond")]
    [InlineData(@"a{,3}", "without its lower bound")]
    [InlineData(@"(?m:a)", "a group of a special kind")]
    [InlineData(@"[a", "without its ]")]
    [InlineData(@"a\", @"a \ at its end")]
    public void What_dotnet_reads_differently_is_refused(string pattern, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => RegexPattern.ToDotNet(pattern)).Message,
            StringComparison.Ordinal);
}
