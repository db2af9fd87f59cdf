using System.Text.RegularExpressions;
using Interp.Tokenizers.Json;
using Interp.Tokenizers.PreTokenizers;

namespace Interp.Tokenizers.ByteLevel;

/// <summary>Reads the <c>pre_tokenizer</c> of a <c>tokenizer.json</c> into a chain of steps.</summary>
internal static class PreTokenizerReader
{
    /// <summary>The steps of byte-level BPE, with exactly one ByteLevel among them.</summary>
    public static IReadOnlyList<PreTokenizer> Read(JsonSetting setting)
    {
        var steps = ReadAny(setting);
        if (steps.Any(step => step is MetaspaceStep))
            throw setting.Error("has a Metaspace step; byte-level BPE writes its spaces as bytes");
        var byteLevels = steps.Count(step => step is ByteLevelStep);
        return byteLevels == 1 ? steps : throw setting.Error($"has {byteLevels} ByteLevel steps; expected one");
    }

    /// <summary>The steps of every other kind: no ByteLevel, and a Metaspace only as the last.</summary>
    public static IReadOnlyList<PreTokenizer> ReadWithoutBytes(JsonSetting setting)
    {
        var steps = ReadAny(setting);
        if (steps.Any(step => step is ByteLevelStep))
            throw setting.Error("has a ByteLevel step; supported with it: a BPE model and a ByteLevel decoder");
        return !steps.SkipLast(1).Any(step => step is MetaspaceStep) ? steps
            : throw setting.Error("has a Metaspace step before another step; supported: Metaspace as the last");
    }

    private static List<PreTokenizer> ReadAny(JsonSetting setting)
    {
        var steps = new List<PreTokenizer>();
        AddTo(steps, setting);
        return steps;
    }

    private static void AddTo(List<PreTokenizer> steps, JsonSetting setting)
    {
        var type = setting.Child("type");
        switch (type.Text())
        {
            case "Sequence":
                setting.AllowOnly("type", "pretokenizers");
                foreach (var item in setting.Child("pretokenizers").Items()) AddTo(steps, item);
                break;
            case "ByteLevel":
                setting.AllowOnly("type", "add_prefix_space", "trim_offsets", "use_regex");
                steps.Add(new ByteLevelStep(
                    setting.Flag("add_prefix_space", absent: true), setting.Flag("use_regex", absent: true)));
                break;
            case "Digits":
                setting.AllowOnly("type", "individual_digits");
                steps.Add(CharacterStep.Digits(setting.Flag("individual_digits", absent: false)));
                break;
            case "Punctuation":
                setting.AllowOnly("type", "behavior");
                steps.Add(CharacterStep.Punctuation(
                    setting.Find("behavior") is { } behavior ? ReadBehavior(behavior) : SplitBehavior.Isolated));
                break;
            case "WhitespaceSplit":
                setting.AllowOnly("type");
                steps.Add(CharacterStep.WhiteSpace);
                break;
            case "BertPreTokenizer":
                setting.AllowOnly("type");
                steps.Add(CharacterStep.WhiteSpace);
                steps.Add(CharacterStep.Punctuation(SplitBehavior.Isolated));
                break;
            case "Metaspace":
                steps.Add(ReadMetaspace(setting));
                break;
            case "Split":
                setting.AllowOnly("type", "pattern", "behavior", "invert");
                steps.Add(ReadSplit(setting));
                break;
            default:
                throw type.Error($"is {type.Shown()}; supported: \"ByteLevel\", \"Split\", "
                    + "\"Digits\", \"Punctuation\", \"WhitespaceSplit\", \"BertPreTokenizer\", \"Metaspace\", \"Sequence\"");
        }
    }

    // New files say prepend_scheme, old ones add_prefix_space; str_rep is a copy of replacement.
    private static MetaspaceStep ReadMetaspace(JsonSetting setting)
    {
        setting.AllowOnly("type", "replacement", "str_rep", "prepend_scheme", "add_prefix_space", "split");
        var replacement = setting.Child("replacement");
        if (replacement.Text().Length != 1 || (setting.Find("str_rep") is { } copy && copy.Text() != replacement.Text()))
            throw replacement.Error($"is {replacement.Shown()}; expected one character, and the same in str_rep");
        var scheme = setting.Flag("add_prefix_space", absent: true) ? PrependScheme.Always : PrependScheme.Never;
        if (setting.Find("prepend_scheme") is { } named)
            scheme = named.Text() switch
            {
                "always" => PrependScheme.Always,
                "first" => PrependScheme.First,
                "never" => PrependScheme.Never,
                _ => throw named.Error($"is {named.Shown()}; supported: \"always\", \"first\", \"never\""),
            };
        return new MetaspaceStep(replacement.Text()[0], scheme, setting.Flag("split", absent: true));
    }

    private static PreTokenizer ReadSplit(JsonSetting setting)
    {
        var behavior = ReadBehavior(setting.Child("behavior"));
        var invert = setting.Flag("invert", absent: false);
        var pattern = setting.Child("pattern");
        pattern.AllowOnly("Regex", "String");
        if (pattern.Find("String") is { } literal)
            return new RegexStep(Regex.Escape(NotEmpty(literal)), behavior, invert);

        var regex = pattern.Child("Regex");
        var covers = (behavior == SplitBehavior.Isolated && !invert) || (behavior == SplitBehavior.Removed && invert);
        if (covers && regex.Text() == Gpt2Words.Pattern) return new Gpt2WordsStep();
        try
        {
            return new RegexStep(RegexPattern.ToDotNet(NotEmpty(regex)), behavior, invert);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw regex.Error(error is FormatException ? error.Message : $"is not a valid pattern: {error.Message}");
        }
    }

    private static string NotEmpty(JsonSetting pattern) =>
        pattern.Text() is { Length: > 0 } text ? text : throw pattern.Error("is empty; expected a pattern");

    private static SplitBehavior ReadBehavior(JsonSetting setting) =>
        Enum.GetNames<SplitBehavior>().Contains(setting.Text())
            ? Enum.Parse<SplitBehavior>(setting.Text())
            : throw setting.Error(
                $"is {setting.Shown()}; supported: {string.Join(", ", Enum.GetNames<SplitBehavior>())}");
}
