namespace Interp.Notebooks.Display;

/// <summary>A value that knows how it looks in a notebook.</summary>
public interface IRichValue
{
    /// <summary>Its forms.</summary>
    MimeBundle ToMime();
}
