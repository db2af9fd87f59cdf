using Interp.Hub;

namespace Interp.Tests.Hub;

public sealed class HubSettingsTests
{
    private static HubSettings From(params (string Name, string Value)[] variables)
    {
        var set = variables.Append(("HOME", "/home/someone")).ToDictionary(v => v.Item1, v => v.Item2);
        return HubSettings.FromEnvironment(name => set.GetValueOrDefault(name));
    }

    [Fact]
    public void Nothing_set_is_the_public_hub_and_the_cache_below_home()
    {
        var settings = From();
        Assert.Equal(("https://huggingface.co/", "/home/someone/.cache/huggingface/hub", null, false),
            (settings.Endpoint.AbsoluteUri, settings.CacheFolder, settings.Token, settings.Offline));
    }

    [Theory]
    [InlineData("/a/hub", "HF_HOME=/a")]
    [InlineData("/b", "HF_HOME=/a", "HF_HUB_CACHE=/b")]
    [InlineData("/c", "HF_HOME=/a", "HUGGINGFACE_HUB_CACHE=/c")]
    [InlineData("/d/huggingface/hub", "XDG_CACHE_HOME=/d")]
    [InlineData("/home/someone/models", "HF_HUB_CACHE=~/models")]
    [InlineData("/home/someone/x/hub", "HF_HOME=$HOME/x")]
    [InlineData("/home/someone/x/hub", "HF_HOME=${HOME}/x/")]
    [InlineData("/home/someone/.cache/huggingface/hub", "HF_HOME=", "HF_HUB_CACHE=")]
    public void The_cache_is_where_Python_looks_for_it(string expected, params string[] variables) =>
        Assert.Equal(expected, From([.. variables.Select(v => v.Split('=')).Select(p => (p[0], p[1]))]).CacheFolder);

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("ON", true)]
    [InlineData("Yes", true)]
    [InlineData("0", false)]
    [InlineData("", false)]
    public void Offline_is_read_as_Python_reads_it(string value, bool expected) =>
        Assert.Equal((expected, expected), (From(("HF_HUB_OFFLINE", value)).Offline, From(("TRANSFORMERS_OFFLINE", value)).Offline));

    [Fact]
    public void The_token_comes_from_the_variable_or_else_from_the_file_of_the_log_in()
    {
        var home = Directory.CreateTempSubdirectory("interp-token-").FullName;
        File.WriteAllText(Path.Combine(home, "token"), "hf_file\n");
        Assert.Equal("hf_file", From(("HF_HOME", home)).Token);
        Assert.Equal("hf_variable", From(("HF_HOME", home), ("HF_TOKEN", " hf_variable ")).Token);
        Assert.Null(From(("HF_HOME", home), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).Token);
        Assert.DoesNotContain("hf_file", From(("HF_HOME", home)).ToString());
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public void A_token_that_would_be_two_headers_is_an_error_that_does_not_show_it()
    {
        var error = Assert.Throws<HubException>(() => From(("HF_TOKEN", "hf_secret\r\nHost: elsewhere")));
        Assert.Contains("HF_TOKEN", error.Message);
        Assert.DoesNotContain("secret", error.Message);
    }

    [Theory]
    [InlineData("https://mirror.example/hf/", "https://mirror.example/hf/")]
    [InlineData("http://127.0.0.1:8000", "http://127.0.0.1:8000/")]
    public void A_mirror_is_taken_as_it_is(string value, string expected) => Assert.Equal(expected, From(("HF_ENDPOINT", value)).Endpoint.AbsoluteUri);

    [Theory]
    [InlineData("mirror.example")]
    [InlineData("ftp://mirror.example")]
    [InlineData("https://user:password@mirror.example")]
    [InlineData("https://mirror.example/?x=1")]
    public void A_mirror_that_is_no_address_is_an_error_naming_the_variable(string value) =>
        Assert.Contains("HF_ENDPOINT", Assert.Throws<HubException>(() => From(("HF_ENDPOINT", value))).Message);
}
