using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interp.Cli.Json;

/// <summary>The shapes that <c>--json</c> prints: snake_case names, characters of any language as they are.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunJson))]
[JsonSerializable(typeof(HeadsJson))]
[JsonSerializable(typeof(AttentionJson))]
[JsonSerializable(typeof(ModelInfoJson))]
[JsonSerializable(typeof(PullJson))]
[JsonSerializable(typeof(KnownModelsJson))]
[JsonSerializable(typeof(EnvJson))]
[JsonSerializable(typeof(PatchJson))]
[JsonSerializable(typeof(GrokJson))]
[JsonSerializable(typeof(LensJson))]
[JsonSerializable(typeof(AttributeJson))]
[JsonSerializable(typeof(CircuitJson))]
[JsonSerializable(typeof(SaeEvalJson))]
[JsonSerializable(typeof(SaeDashboardJson))]
[JsonSerializable(typeof(SaeSteerJson))]
[JsonSerializable(typeof(InductionJson))]
[JsonSerializable(typeof(FormationJson))]
[JsonSerializable(typeof(LabListJson))]
[JsonSerializable(typeof(LabChecksJson))]
[JsonSerializable(typeof(LabHintsJson))]
[JsonSerializable(typeof(LabSolutionJson))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>The shapes with the encoder that leaves text readable.</summary>
    public static CliJson Shapes => field ??= new CliJson(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
