using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

/// <summary>The architecture of a <see cref="HookedTransformer"/>: sizes and choices, in the field's classic names.</summary>
/// <remarks>
/// <code>
/// var config = new HookedTransformerConfig
/// {
///     NLayers = 2, DModel = 64, NHeads = 4, DHead = 16, NCtx = 64, DVocab = 100, AttnOnly = true,
/// };
/// </code>
/// </remarks>
public sealed record HookedTransformerConfig
{
    /// <summary>What the model is called in reports.</summary>
    public string ModelName { get; init; } = "custom";

    /// <summary>Number of blocks.</summary>
    public required int NLayers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int DModel { get; init; }

    /// <summary>Attention heads a layer.</summary>
    public required int NHeads { get; init; }

    /// <summary>Width of a head's queries, keys and values.</summary>
    public required int DHead { get; init; }

    /// <summary>The longest sequence.</summary>
    public required int NCtx { get; init; }

    /// <summary>Number of tokens that can be read.</summary>
    public required int DVocab { get; init; }

    /// <summary>Number of outputs; <value>DVocab</value> where null. A classifier has its classes here.</summary>
    public int? DVocabOut { get; init; }

    /// <summary>Heads of keys and values, each shared by as many query heads (grouped-query attention); NHeads where null.</summary>
    public int? NKeyValueHeads { get; init; }

    /// <summary>Neurons of an MLP; must be given unless <see cref="AttnOnly"/>.</summary>
    public int DMlp { get; init; }

    /// <summary>The MLP's activation function by its classic name; see <see cref="Activations"/>.</summary>
    public string? ActFn { get; init; }

    /// <summary>No MLPs.</summary>
    public bool AttnOnly { get; init; }

    /// <summary>MLPs multiply the activation with a second linear map (GLU, Shazeer 2020).</summary>
    public bool GatedMlp { get; init; }

    /// <summary>Attention and MLP both read the block's input (GPT-J, NeoX).</summary>
    public bool ParallelAttnMlp { get; init; }

    /// <summary>The normalization; <value>LN</value>.</summary>
    public NormalizationType NormalizationType { get; init; } = NormalizationType.LN;

    /// <summary>Added under the root of the norms; <value>1e-5</value>.</summary>
    public double Eps { get; init; } = 1e-5;

    /// <summary>Which positions a query sees; <value>Causal</value>.</summary>
    public AttentionDirection AttentionDir { get; init; } = AttentionDirection.Causal;

    /// <summary>How positions enter; <value>Standard</value>.</summary>
    public PositionalEmbeddingType PositionalEmbeddingType { get; init; } = PositionalEmbeddingType.Standard;

    /// <summary>
    /// ALiBi as Falcon has it, in place of Press et al.'s: scores are (q·k + a_k) / scale, where a_k is the slope times the
    /// key's position, both and their product rounded to bfloat16 (<c>build_alibi_tensor</c> in Hugging Face's
    /// modeling_falcon; here a of the query is taken off, which no pattern can see). <value>false</value>
    /// </summary>
    public bool AlibiInScale { get; init; }

    /// <summary>
    /// The bias of a gated MLP's linear branch, <c>b_in</c>, is added before the product, (x W_in + b_in) · act(…), as Llama
    /// does with <c>mlp_bias</c>, and not behind it, as the classic model does. <value>false</value>
    /// </summary>
    public bool GatedBiasInside { get; init; }

    /// <summary>How many of a head's dimensions are rotated; all where null.</summary>
    public int? RotaryDim { get; init; }

    /// <summary>Base of the rotary frequencies; <value>10000</value>.</summary>
    public double RotaryBase { get; init; } = 10000;

    /// <summary>
    /// Rotary pairs are neighbours (0,1), (2,3) … (GPT-J, llama2.c) instead of halves (0, n/2), (1, n/2 + 1) … (NeoX, Llama in Hugging Face).
    /// </summary>
    public bool RotaryAdjacentPairs { get; init; }

    /// <summary>Base of the rotary frequencies of local layers, where it differs (Gemma 3); null where it does not.</summary>
    public double? RotaryBaseLocal { get; init; }

    /// <summary>How the rotary frequencies are changed for a longer context; null for not at all. Local layers with a base of their own are not.</summary>
    public RotaryScaling? RotaryScaling { get; init; }

    /// <summary>Tokens that a query of a local layer sees, itself included; null where all layers are global.</summary>
    public int? WindowSize { get; init; }

    /// <summary>For every layer how far it sees; null with a <see cref="WindowSize"/> means that all layers are local.</summary>
    public IReadOnlyList<AttentionReach>? AttnTypes { get; init; }

    /// <summary>Queries and keys go through an RMSNorm over the head's dimensions before they are rotated (Qwen 3, Gemma 3).</summary>
    public bool UseQkNorm { get; init; }

    /// <summary>Scores become cap · tanh(scores / cap) (Gemma 2); null for no cap.</summary>
    public double? AttnScoresSoftCap { get; init; }

    /// <summary>Logits become cap · tanh(logits / cap) (Gemma 2); null for no cap.</summary>
    public double? OutputLogitsSoftCap { get; init; }

    /// <summary>A norm stands behind attention and MLP too, before they are added to the stream (Gemma 2 and 3).</summary>
    public bool UseNormalizationBeforeAndAfter { get; init; }

    /// <summary>The embedding goes through a LayerNorm before the first block (BLOOM).</summary>
    public bool PostEmbeddingLn { get; init; }

    /// <summary>MLPs of which every token uses a few (mixture of experts); null for one MLP a layer.</summary>
    public int? NumExperts { get; init; }

    /// <summary>How many experts a token uses.</summary>
    public int? ExpertsPerToken { get; init; }

    /// <summary>Scores are divided by <see cref="AttnScale"/>.</summary>
    public bool UseAttnScale { get; init; } = true;

    /// <summary>The divisor of the scores; √DHead where null.</summary>
    public double? AttnScale { get; init; }

    /// <summary>Scores are also divided by layer + 1 (an option of GPT-2).</summary>
    public bool ScaleAttnByInverseLayerIdx { get; init; }

    /// <summary>
    /// For every layer which key a query may see, [NLayers][NCtx × NCtx] row-major, in place of the causal triangle;
    /// null where attention is causal or bidirectional. A query that may look nowhere gets a pattern of zeros.
    /// </summary>
    public IReadOnlyList<bool[]>? AttentionMasks { get; init; }

    /// <summary>Standard deviation of initial weights; 0.8/√DModel where null, as TransformerLens's default.</summary>
    public double? InitializerRange { get; init; }

    /// <summary>The element type of the weights; <value>Float32</value>.</summary>
    public ScalarType Dtype { get; init; } = ScalarType.Float32;

    /// <summary>Whether text is given the beginning-of-sequence token in front unless said otherwise.</summary>
    public bool DefaultPrependBos { get; init; }

    /// <summary>The token that ends a text, or null.</summary>
    public int? EosTokenId { get; init; }

    /// <summary>
    /// Whether no query sees a later key, so that a text can be read in pieces with a <see cref="KeyValueCache"/>.
    /// </summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsCausal => AttentionMasks is null
        ? AttentionDir == AttentionDirection.Causal
        : AttentionMasks.All(mask => !mask.Where((allowed, at) => allowed && at % NCtx > at / NCtx).Any());

    /// <summary>Number of outputs.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int OutputSize => DVocabOut ?? DVocab;

    /// <summary>Heads of keys and values.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int KeyValueHeads => NKeyValueHeads ?? NHeads;

    /// <summary>Tokens that a query of a layer sees, itself included; null for all.</summary>
    public int? WindowOf(int layer) =>
        WindowSize is null || AttnTypes?[layer] == AttentionReach.Global ? null : WindowSize;

    /// <summary>The factor of the scores of a layer: one over the attention scale.</summary>
    public double ScoreFactor(int layer) =>
        (UseAttnScale ? 1 / (AttnScale ?? Math.Sqrt(DHead)) : 1) / (ScaleAttnByInverseLayerIdx ? layer + 1 : 1);

    /// <summary>Checks that the settings go together.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the setting and what it should be.</exception>
    public HookedTransformerConfig Validate()
    {
        Positive(NLayers, nameof(NLayers));
        Positive(DModel, nameof(DModel));
        Positive(NHeads, nameof(NHeads));
        Positive(DHead, nameof(DHead));
        Positive(NCtx, nameof(NCtx));
        Positive(DVocab, nameof(DVocab));
        Positive(OutputSize, nameof(DVocabOut));
        Positive(KeyValueHeads, nameof(NKeyValueHeads));
        Require(NHeads % KeyValueHeads == 0, $"NKeyValueHeads {KeyValueHeads} does not divide NHeads {NHeads}");
        Require(Eps > 0, $"Eps is {Eps}; it must be positive");
        Require(AttnScale is null or > 0, $"AttnScale is {AttnScale}; it must be positive");
        Require(RotaryBase > 0 && (RotaryBaseLocal ?? 1) > 0, $"RotaryBase is {RotaryBase}, RotaryBaseLocal {RotaryBaseLocal}; they must be positive");
        Require(RotaryScaling is null or RotaryScaling.Linear { Factor: > 0 } ||
            (RotaryScaling is RotaryScaling.Llama3 { Factor: > 0, LowFrequencyFactor: > 0, OriginalContext: > 0 } parts && parts.HighFrequencyFactor > parts.LowFrequencyFactor),
            $"{RotaryScaling} makes no sense: its numbers must be positive, and the high-frequency factor above the low one");
        if (!AttnOnly)
        {
            Positive(DMlp, nameof(DMlp));
            Require(Activations.Exists(ActFn), $"ActFn is {ActFn ?? "missing"}; known: {string.Join(", ", Activations.Names)}");
        }
        Require(!AlibiInScale || PositionalEmbeddingType == PositionalEmbeddingType.Alibi,
            $"AlibiInScale is set, but PositionalEmbeddingType is {PositionalEmbeddingType}");
        Require(!GatedBiasInside || (GatedMlp && NumExperts is null), "GatedBiasInside needs a GatedMlp without experts");
        var rotated = RotaryDim ?? DHead;
        Require(PositionalEmbeddingType != PositionalEmbeddingType.Rotary || (rotated > 0 && rotated <= DHead && rotated % 2 == 0),
            $"RotaryDim {rotated} must be even, positive and at most DHead {DHead}");
        Require(AttnTypes is null || (AttnTypes.Count == NLayers && (WindowSize is not null || AttnTypes.All(t => t == AttentionReach.Global))),
            $"AttnTypes must name one reach for each of {NLayers} layers, and local ones need a WindowSize");
        Require(WindowSize is null or > 0, $"WindowSize is {WindowSize}; it must be positive");
        Require(AttnScoresSoftCap is null or > 0 && OutputLogitsSoftCap is null or > 0, "soft caps must be positive");
        Require((NumExperts is null) == (ExpertsPerToken is null) && (NumExperts is null || (!AttnOnly && GatedMlp && ExpertsPerToken > 0 && ExpertsPerToken <= NumExperts)),
            $"NumExperts {NumExperts} and ExpertsPerToken {ExpertsPerToken} do not go together; experts are gated MLPs");
        Require(AttentionMasks is null || (AttentionMasks.Count == NLayers && AttentionMasks.All(m => m.Length == NCtx * NCtx)),
            $"AttentionMasks must hold one mask of NCtx × NCtx = {NCtx * NCtx} bools for each of {NLayers} layers");
        return this;
    }

    private static void Positive(int value, string name) => Require(value > 0, $"{name} is {value}; it must be positive");

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new ArgumentException("configuration: " + message);
    }
}
