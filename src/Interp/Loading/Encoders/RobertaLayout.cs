using Interp.Models.Encoders;

namespace Interp.Loading.Encoders;

/// <summary>Hugging Face's RoBERTa: BERT whose positions start behind the padding token's number.</summary>
internal sealed record RobertaLayout() : EncoderLayout("roberta", "Roberta", EncoderNames.Roberta)
{
    internal override HookedEncoderConfig Configure(ConfigReader c, LoadOptions options)
    {
        var common = BertLayout.Common(c, options);
        var padding = c.Int("pad_token_id", 1);
        var context = common.NCtx - padding - 1;
        if (padding < 0 || context <= 0)
            throw new ModelLoadException(
                $"{c.Path}: the setting 'pad_token_id' is {padding}; positions start behind it, so it must be from 0 to " +
                $"max_position_embeddings − 2 = {common.NCtx - 2}");
        // The head's function is GELU, whatever that of the blocks is.
        return common with { NCtx = context, PositionPadding = padding, HeadActFn = "gelu" };
    }
}
