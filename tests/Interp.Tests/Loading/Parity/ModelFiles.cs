using System.Text.Json.Nodes;

namespace Interp.Tests.Loading.Parity;

/// <summary>Configurations of fixtures with some settings changed.</summary>
internal static class ModelFiles
{
    /// <summary>As a file of its own; the path.</summary>
    public static string ChangedConfig(this TestFolder folder, string fixture, string changes, string file = "config.json") =>
        folder.Text("changed.json", Changed(fixture, changes, file).ToJsonString()).At("changed.json");

    /// <summary>The settings; a change to null is one.</summary>
    public static JsonObject Changed(string fixture, string changes, string file = "config.json")
    {
        var config = JsonNode.Parse(File.ReadAllText(SharedData.Path($"fixtures/{fixture}/{file}")))!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(changes)!.AsObject()) config[name] = value?.DeepClone();
        return config;
    }
}
