using Interp.Hub;
using Interp.Loading;
using Interp.Processing;

namespace Interp.Models;

// Published models by name.
public sealed partial class HookedTransformer
{
    /// <summary>A published model by its name, its weights processed as TransformerLens's <c>from_pretrained</c>
    /// does.</summary>
    /// <remarks>
    /// <code>
    /// using var gpt2 = HookedTransformer.FromPretrained("gpt2");              // norms folded, writes and logits centred
    /// using var raw = HookedTransformer.FromPretrainedNoProcessing("gpt2");   // the weights as published
    /// foreach (var step in gpt2.Processing) Console.WriteLine(step);          // what was done, what was not and why
    /// </code>
    /// <para><b>Which files.</b> A folder or file of that path comes first; then the cache that Python's Hugging Face
    /// tools share, whatever program filled it, without a look at the network; only what is not there is downloaded,
    /// and stays there. <c>HF_HUB_OFFLINE=1</c> never downloads. To get what its authors changed since, run <c>interp
    /// pull</c>.</para>
    /// <para><b>Which weights.</b> Processing is on, because that is what this name has always meant: every step of
    /// <see cref="WeightProcessing"/> that leaves this model's predictions as they are (up to rounding, and a shift of
    /// all logits of a position alike). Weights, activations and logits differ from the published ones;
    /// log-probabilities do not. <see cref="FromPretrainedNoProcessing"/> and <see cref="Load"/> leave the weights
    /// raw.
    /// <see cref="Processing"/> says which it is.</para>
    /// </remarks>
    /// <param name="name">A known name (<c>gpt2</c>; see <see cref="KnownModels"/>), any repository
    /// (<c>owner/name</c>), either with <c>@revision</c>, or a path.</param>
    /// <param name="options">Device, element type, other processing; <value>CPU, float32, all valid
    /// steps</value>.</param>
    /// <param name="progress">Told a few times a second how far a download is.</param>
    /// <param name="cancellation">Stops a download; what has come is kept and continued the next time.</param>
    /// <exception cref="HubException">It cannot be had; the message says why and what to do.</exception>
    /// <exception cref="ModelLoadException">The files do not make a model that is supported; the message says
    /// why.</exception>
    public static HookedTransformer FromPretrained(
        string name, LoadOptions? options = null, IProgress<HubProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new LoadOptions();
        options = options with { Processing = options.Processing ?? new WeightProcessing() };
        return PretrainedModels.Load(name, options, progress, cancellation);
    }

    /// <summary>A published model by its name with the weights as they were published.</summary>
    /// <inheritdoc cref="FromPretrained" path="/param"/>
    /// <inheritdoc cref="FromPretrained" path="/exception"/>
    /// <exception cref="ArgumentException">The options ask for processing.</exception>
    public static HookedTransformer FromPretrainedNoProcessing(
        string name, LoadOptions? options = null, IProgress<HubProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        if (options?.Processing is not null)
            throw new ArgumentException(
                "FromPretrainedNoProcessing: the options ask for processing; leave it out, or use FromPretrained");
        return PretrainedModels.Load(name, options ?? new LoadOptions(), progress, cancellation);
    }
}
