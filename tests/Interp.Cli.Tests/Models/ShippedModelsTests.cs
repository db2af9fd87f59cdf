using System.Text.Json;

namespace Interp.Cli.Tests.Models;

public sealed class ShippedModelsTests
{
    [Fact]
    public void The_shipped_model_is_what_commands_take_where_no_model_is_named_and_has_a_name()
    {
        string[] prompt = ["--text", "When Mary and John went to the shop, John gave a drink to", "--top", "1", "--json"];
        var unnamed = CliRun.Of(["run", .. prompt]);
        Assert.True(unnamed.Code == ExitCode.Ok, unnamed.Error);
        Assert.Equal(" Mary", JsonDocument.Parse(unnamed.Output).RootElement.GetProperty("next")[0].GetProperty("token").GetString());
        Assert.Equal(unnamed.Output, CliRun.Of(["run", "stories", .. prompt]).Output);
        var other = JsonDocument.Parse(CliRun.Of("info", "induction", "--json").Output).RootElement;
        Assert.Equal(2, other.GetProperty("layers").GetInt32());
    }
}
