namespace Interp.Notebooks.Docs;

/// <summary>A place on a page that the page's contents and the search lead to.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its heading, or a member's name.</param>
/// <param name="Text">What the search finds it by and shows of it.</param>
/// <param name="Level">2 for a section, 3 for what is inside one.</param>
internal sealed record DocSection(string Id, string Title, string Text, int Level = 2);
