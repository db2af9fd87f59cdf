using System.Text.Json.Serialization;

namespace Interp.Sae.Steering;

/// <summary>How a feature's activation is changed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FeatureOperation>))]
public enum FeatureOperation
{
    /// <summary>f + amount: steering, which moves the value by amount · d_f whether the feature is on or not.</summary>
    Add,

    /// <summary>amount: clamping to a value; 0 ablates.</summary>
    Set,

    /// <summary>amount · f: stronger or weaker where it is on, nothing where it is off.</summary>
    Scale,
}
