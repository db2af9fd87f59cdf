using System.Text.RegularExpressions;
using Interp.Tokenizers.Json;
using Interp.Tokenizers.PreTokenizers;

namespace Interp.Tokenizers.ByteLevel;

/// <summary>Reads the <c>pre_tokenizer</c> of a <c>tokenizer.json</c> into a chain of steps.</summary>
internal static class PreTokenizerReader
{
    public static IReadOnlyList<PreTokenizer> Read(JsonSetting setting)
    {
        var steps = new List<PreTokenizer>();
        AddTo(steps, setting);
        var byteLevels = steps.Count(step => step is ByteLevelStep);
        return byteLevels == 1 ? steps : throw setting.Error($"has {byteLevels} ByteLevel steps; expected one");
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
            case "Split":
                setting.AllowOnly("type", "pattern", "behavior", "invert");
                steps.Add(ReadSplit(setting));
                break;
            default:
                throw type.Error($"is {type.Shown()}; supported for byte-level BPE: "
                    + "\"ByteLevel\", \"Split\", \"Digits\", \"Punctuation\", \"Sequence\"");
        }
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
