using System.Text.Json.Nodes;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading;

/// <summary>A folder with files of a model, gone when the test is.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("interp-loading-").FullName;

    public string At(string name) => Path.Combine(Root, name);

    /// <summary>Writes a configuration with settings added, replaced or, where null is given, removed.</summary>
    public TestFolder Config(JsonObject config, params (string Name, JsonNode? Value)[] changes)
    {
        foreach (var (name, value) in changes)
        {
            config.Remove(name);
            if (value is not null) config.Add(name, value);
        }
        return Text("config.json", config.ToJsonString());
    }

    public TestFolder Text(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return this;
    }

    public TestFolder Bytes(string name, byte[] bytes)
    {
        File.WriteAllBytes(At(name), bytes);
        return this;
    }

    public TestFolder Weights(IReadOnlyDictionary<string, Tensor> tensors, string name = "model.safetensors")
    {
        SafeTensorsWriter.Write(At(name), tensors);
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
