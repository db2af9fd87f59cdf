using System.Text.Json.Serialization;

namespace Interp.Studies.ModularAddition;

/// <summary>What a model is trained to compute modulo p.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ModularOperation>))]
public enum ModularOperation
{
    /// <summary>a + b.</summary>
    Add,

    /// <summary>a − b.</summary>
    Subtract,

    /// <summary>a · b, of numbers other than 0: the group of order p − 1.</summary>
    Multiply,
}
