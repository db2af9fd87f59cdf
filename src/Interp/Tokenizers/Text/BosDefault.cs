namespace Interp.Tokenizers.Text;

/// <summary>Whether a model's texts begin with a beginning-of-sequence token unless the caller says otherwise.</summary>
/// <param name="Prepends">Whether they do.</param>
/// <param name="Reason">Where that comes from, in words for a person.</param>
public sealed record BosDefault(bool Prepends, string Reason);
