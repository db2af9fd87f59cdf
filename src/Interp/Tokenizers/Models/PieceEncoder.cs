using System.Runtime.InteropServices;
using Interp.Tokenizers.Bpe;

namespace Interp.Tokenizers.Models;

/// <summary>Encodes pieces one after the other, through a cache where nobody asks for the tokens' places.</summary>
internal abstract class PieceEncoder
{
    private readonly WordCache cache = new();
    private readonly List<int> fresh = [];

    /// <summary>Where the ids go.</summary>
    public List<long> Output { get; set; } = [];

    /// <summary>Where the place of each token within its piece goes, or null where nobody asks.</summary>
    public List<(int Start, int End)>? Places { get; set; }

    /// <param name="piece">Well-formed and not empty.</param>
    public virtual void Encode(ReadOnlySpan<char> piece)
    {
        if (Places is null && piece.Length <= WordCache.LongestWord && cache.TryGet(piece, out var known))
        {
            foreach (var id in known) Output.Add(id);
            return;
        }
        fresh.Clear();
        EncodeAfresh(piece, fresh);
        foreach (var id in fresh) Output.Add(id);
        if (Places is null) cache.Add(piece, CollectionsMarshal.AsSpan(fresh));
    }

    /// <summary>Adds the piece's ids, and their places where <see cref="Places"/> is there.</summary>
    protected abstract void EncodeAfresh(ReadOnlySpan<char> piece, List<int> ids);
}
