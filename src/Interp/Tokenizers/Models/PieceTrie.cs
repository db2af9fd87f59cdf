namespace Interp.Tokenizers.Models;

/// <summary>
/// Finds all tokens that begin at a place of a text, in one walk. Nodes are numbered; a step is one look-up of
/// (node, character) in an open-addressing table.
/// </summary>
internal sealed class PieceTrie
{
    private readonly List<int> tokens = [-1];       // token id of each node, or −1
    private long[] keys = new long[1024];           // ((node + 1) << 16) | character; 0 is free
    private int[] nexts = new int[1024];
    private int used;

    public void Add(string piece, int id)
    {
        var node = 0;
        foreach (var character in piece) node = Step(node, character) is var next and >= 0 ? next : Grow(node, character);
        tokens[node] = id;
    }

    /// <summary>The node after one more character, or −1.</summary>
    public int Step(int node, char character)
    {
        var key = ((long)(node + 1) << 16) | character;
        for (var slot = Slot(key); keys[slot] != 0; slot = (slot + 1) & (keys.Length - 1))
            if (keys[slot] == key) return nexts[slot];
        return -1;
    }

    /// <summary>The token that ends at a node, or −1.</summary>
    public int TokenAt(int node) => tokens[node];

    private int Grow(int node, char character)
    {
        if (2 * ++used > keys.Length) Widen();
        tokens.Add(-1);
        Put(((long)(node + 1) << 16) | character, tokens.Count - 1);
        return tokens.Count - 1;
    }

    private void Put(long key, int next)
    {
        var slot = Slot(key);
        while (keys[slot] != 0) slot = (slot + 1) & (keys.Length - 1);
        (keys[slot], nexts[slot]) = (key, next);
    }

    private void Widen()
    {
        var (oldKeys, oldNexts) = (keys, nexts);
        (keys, nexts) = (new long[2 * oldKeys.Length], new int[2 * oldKeys.Length]);
        for (var i = 0; i < oldKeys.Length; i++)
            if (oldKeys[i] != 0) Put(oldKeys[i], oldNexts[i]);
    }

    // Fibonacci hashing: the high bits of the product are well mixed.
    private int Slot(long key) => (int)(((ulong)key * 0x9E3779B97F4A7C15UL) >> 32) & (keys.Length - 1);
}
