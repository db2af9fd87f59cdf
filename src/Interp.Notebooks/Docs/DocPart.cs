namespace Interp.Notebooks.Docs;

/// <summary>The parts of the documentation's site, in their order.</summary>
internal enum DocPart
{
    Guide,
    HowTo,
    Notebooks,
    Lab,
    Commands,
    Reference,
}
