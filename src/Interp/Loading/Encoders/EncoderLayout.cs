using Interp.Models.Encoders;

namespace Interp.Loading.Encoders;

/// <summary>One model of the BERT family: its configuration, and what it calls its weights.</summary>
/// <param name="ModelType">The <c>model_type</c> of the configuration.</param>
/// <param name="ClassPrefix">Before the kind of model in <c>architectures</c>, for example <c>Bert</c> in <c>BertForMaskedLM</c>.</param>
/// <param name="Names">The names of the weights.</param>
internal abstract record EncoderLayout(string ModelType, string ClassPrefix, EncoderNames Names)
{
    /// <summary>The configuration; reads every setting but those that all models have.</summary>
    internal abstract HookedEncoderConfig Configure(ConfigReader c, LoadOptions options);

    /// <summary>The kinds of models whose heads are known.</summary>
    internal virtual string[] Kinds => ["Model", "ForMaskedLM"];
}
