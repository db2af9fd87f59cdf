using Interp.Studies.Stories.Grammar;

namespace Interp.Studies.Stories.Scenes;

/// <summary>
/// A line of a story. It begins with a word that is no name, so that names always have a space before them.
/// </summary>
internal abstract class Scene
{
    /// <summary>How often it comes, relative to the others.</summary>
    internal abstract double Weight { get; }

    internal abstract void Write(StoryWriter writer);
}
