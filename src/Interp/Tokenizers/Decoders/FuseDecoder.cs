namespace Interp.Tokenizers.Decoders;

/// <summary>Joins everything into one token, so that the steps after it see the whole text.</summary>
internal sealed class FuseDecoder : Decoder
{
    public override List<string> Apply(List<string> tokens) => [string.Concat(tokens)];
}
