using Interp.Tokenizers.Json;

namespace Interp.Tokenizers;

/// <summary>Reads the JSON layouts of a vocabulary table.</summary>
internal static class VocabularyTableFile
{
    public static bool IsTable(JsonSetting root) =>
        root.IsObject && (root.Find("token2id") is { IsObject: true } || root.Find("id2token") is { IsObject: true });

    public static KeyValuePair<string, int>[] Read(JsonSetting root)
    {
        if (!IsTable(root)) return ReadTokenToId(root);
        root.AllowOnly("token2id", "id2token");
        var forward = root.Find("token2id") is { } tokens ? ReadTokenToId(tokens) : null;
        var backward = root.Find("id2token") is { } ids ? ReadIdToToken(ids) : null;
        if (forward is null || backward is null) return (forward ?? backward)!;

        var known = backward.ToHashSet();
        foreach (var entry in forward)
            if (!known.Remove(entry))
                throw root.Error($"has \"{entry.Key}\" = {entry.Value} in token2id, but not in id2token");
        return known.Count == 0
            ? forward
            : throw root.Error($"has \"{known.First().Key}\" = {known.First().Value} in id2token, but not in token2id");
    }

    private static KeyValuePair<string, int>[] ReadTokenToId(JsonSetting table) =>
        [.. table.Members().Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Id()))];

    private static KeyValuePair<string, int>[] ReadIdToToken(JsonSetting table) =>
        [.. table.Members().Select(entry => KeyValuePair.Create(entry.Value.Text(), ReadKey(entry.Key, entry.Value)))];

    private static int ReadKey(string key, JsonSetting value) =>
        int.TryParse(key, out var id) && id >= 0
            ? id
            : throw value.Error($"has the key \"{key}\"; expected a token id");
}
