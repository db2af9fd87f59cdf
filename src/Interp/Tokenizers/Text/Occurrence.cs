namespace Interp.Tokenizers.Text;

/// <summary>Which one is meant where something stands in a text several times.</summary>
public enum Occurrence
{
    /// <summary>The first.</summary>
    First,

    /// <summary>The last.</summary>
    Last,
}
