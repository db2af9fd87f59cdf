using System.Text.Json;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Interventions;

/// <summary>Runs with interventions; interventions as JSON.</summary>
public static class InterventionExtensions
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        AllowOutOfOrderMetadataProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 16,
    };

    /// <summary>Runs a model with changes, made in their order.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">Integers [batch, pos] or [pos].</param>
    /// <param name="interventions">The changes; all are checked before anything runs.</param>
    /// <returns>Logits [batch, pos, outputs].</returns>
    /// <exception cref="ArgumentException">One does not fit the model; the message names it.</exception>
    public static Tensor RunWith(this HookedTransformer model, Tensor tokens,
        params IReadOnlyCollection<Intervention> interventions)
    {
        interventions.Check(model);
        return model.RunWithHooks(tokens, interventions.ToHooks(Place(tokens)), ForwardOptions.Default);
    }

    /// <summary>Runs a model with changes and keeps activations, as the changes leave them.</summary>
    /// <inheritdoc cref="RunWith"/>
    /// <param name="model">The model.</param>
    /// <param name="tokens">Integers [batch, pos] or [pos].</param>
    /// <param name="interventions">The changes.</param>
    /// <param name="names">Names or patterns of what is kept; none means everything but the points on demand.</param>
    /// <returns>Logits and activations.</returns>
    public static (Tensor Logits, ActivationCache Cache) RunWithCache(this HookedTransformer model, Tensor tokens,
        IReadOnlyCollection<Intervention> interventions, params IReadOnlyCollection<string> names)
    {
        interventions.Check(model);
        return model.RunWithCache(tokens, names, interventions.ToHooks(Place(tokens)), ForwardOptions.Default);
    }

    /// <summary>Checks every change against a model.</summary>
    /// <exception cref="ArgumentException">One does not fit; the message names it.</exception>
    public static void Check(this IEnumerable<Intervention> interventions, HookedTransformer model)
    {
        foreach (var intervention in interventions) intervention.Check(model);
    }

    /// <summary>The changes as JSON, to be read by <see cref="FromJson"/>.</summary>
    public static string ToJson(this IEnumerable<Intervention> interventions) =>
        JsonSerializer.Serialize(interventions.ToArray(), Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">It is not such JSON; the message says where.</exception>
    public static IReadOnlyList<Intervention> FromJson(string json)
    {
        try
        {
            var read = JsonSerializer.Deserialize<Intervention?[]>(json, Json) ?? [];
            return Array.IndexOf(read, null) < 0
                ? [.. read.OfType<Intervention>()]
                    : throw new FormatException("interventions: an entry of the list is null");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new FormatException($"interventions: {e.Message}", e);
        }
    }

    internal static Hook[] ToHooks(this IEnumerable<Intervention> interventions, RunPlace place) =>
        [.. interventions.Select(intervention => intervention.ToHook(place))];

    private static RunPlace Place(Tensor tokens) => new(0, tokens.size(-1), 0);
}
