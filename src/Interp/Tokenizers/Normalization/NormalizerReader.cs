using System.Text.RegularExpressions;
using Interp.Tokenizers.Json;
using Interp.Tokenizers.PreTokenizers;

namespace Interp.Tokenizers.Normalization;

/// <summary>Reads the <c>normalizer</c> of a <c>tokenizer.json</c>.</summary>
internal static class NormalizerReader
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Normalizer Read(JsonSetting setting)
    {
        var type = setting.Child("type");
        switch (type.Text())
        {
            case "Sequence":
                setting.AllowOnly("type", "normalizers");
                return new SequenceNormalizer([.. setting.Child("normalizers").Items().Select(Read)]);
            case "BertNormalizer":
                return ReadBert(setting);
            case "NFC":
                return Plain(setting, FormNormalizer.Composed);
            case "NFD":
                return Plain(setting, FormNormalizer.Decomposed);
            case "Lowercase":
                return Plain(setting, CharacterRules.Lowercase);
            case "StripAccents":
                return Plain(setting, CharacterRules.DropMarks);
            case "Strip":
                setting.AllowOnly("type", "strip_left", "strip_right");
                return new StripNormalizer(
                    setting.Flag("strip_left", absent: true), setting.Flag("strip_right", absent: true));
            case "Prepend":
                setting.AllowOnly("type", "prepend");
                return new PrependNormalizer(setting.Child("prepend").Text());
            case "Replace":
                return ReadReplace(setting);
            case "Precompiled":
                return ReadPrecompiled(setting);
            default:
                throw type.Error($"is {type.Shown()}; supported: \"NFC\", \"NFD\", \"BertNormalizer\", \"Lowercase\", "
                    + "\"StripAccents\", \"Strip\", \"Prepend\", \"Replace\", \"Precompiled\", \"Sequence\"");
        }
    }

    private static Normalizer Plain(JsonSetting setting, Normalizer normalizer)
    {
        setting.AllowOnly("type");
        return normalizer;
    }

    private static Normalizer ReadBert(JsonSetting setting)
    {
        setting.AllowOnly("type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase");
        return BertNormalizer.Create(setting.Flag("clean_text", absent: true),
            setting.Flag("handle_chinese_chars", absent: true), setting.Find("strip_accents")?.Flag(),
            setting.Flag("lowercase", absent: true));
    }

    private static ReplaceNormalizer ReadReplace(JsonSetting setting)
    {
        setting.AllowOnly("type", "pattern", "content");
        var (pattern, content) = (setting.Child("pattern"), setting.Child("content").Text());
        pattern.AllowOnly("String", "Regex");
        var chosen = pattern.Find("String") ?? pattern.Child("Regex");
        if (chosen.Text().Length == 0) throw chosen.Error("is empty; expected what to replace");
        if (pattern.Find("String") is not null) return new ReplaceNormalizer(chosen.Text(), content);
        try
        {
            var regex = new Regex(Simple(chosen), RegexOptions.CultureInvariant, Patience);
            return regex.IsMatch("") ? throw chosen.Error("matches nothing at all; expected at least one character")
                : new ReplaceNormalizer(regex, content);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw chosen.Error(error is FormatException ? error.Message : $"is not a valid pattern: {error.Message}");
        }
    }

    // .NET sees characters beyond U+FFFF as two; only what cannot match one of the two halves is let through.
    private static string Simple(JsonSetting pattern)
    {
        var text = RegexPattern.ToDotNet(pattern.Text());
        foreach (var wide in new[] { ".", "[^", "\\S", "\\D", "\\P", "\\p" })
            if (text.Replace("\\.", "", StringComparison.Ordinal).Contains(wide, StringComparison.Ordinal))
                throw pattern.Error($"is {pattern.Shown()}; {wide} is not supported where text is replaced");
        return text;
    }

    private static Normalizer ReadPrecompiled(JsonSetting setting)
    {
        setting.AllowOnly("type", "precompiled_charsmap");
        if (setting.Find("precompiled_charsmap") is not { } map || map.Text().Length == 0) return new SequenceNormalizer([]);
        var bytes = new byte[map.Text().Length];
        return Convert.TryFromBase64String(map.Text(), bytes, out var count)
            ? new CharsMapNormalizer(CharsMap.Read(map.Place, bytes.AsSpan(0, count)))
            : throw map.Error("is not base64");
    }
}
