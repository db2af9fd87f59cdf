using System.Text.Json;
using Interp.Hooks;

namespace Interp.Tests.Hooks;

public sealed class ActNamesTests
{
    [SharedFact("fixtures/functions/get_act_name.json")]
    public void Short_forms_are_those_of_the_reference()
    {
        using var expected = JsonDocument.Parse(File.ReadAllText(SharedData.Path("fixtures/functions/get_act_name.json")));
        foreach (var pair in expected.RootElement.EnumerateObject())
        {
            var arguments = JsonSerializer.Deserialize<JsonElement[]>(pair.Name)!;
            int? layer = arguments.Length > 1 ? arguments[1].GetInt32() : null;
            var type = arguments.Length > 2 ? arguments[2].GetString() : null;
            Assert.Equal(pair.Value.GetString(), ActNames.Get(arguments[0].GetString()!, layer, type));
        }
    }

    [Theory]
    [InlineData("blocks.3.hook_resid_post", "blocks.3.hook_resid_post"), InlineData("hook_embed", "hook_embed")]
    public void Full_names_stay_as_they_are(string given, string expected) => Assert.Equal(expected, ActNames.Get(given));
}
