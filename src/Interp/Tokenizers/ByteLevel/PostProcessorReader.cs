using Interp.Tokenizers.Json;

namespace Interp.Tokenizers.ByteLevel;

/// <summary>
/// Reads what the <c>post_processor</c> of a <c>tokenizer.json</c> would put around one text. Nothing is added to an
/// encoding; the ids are reported as <see cref="Tokenizer.PrefixIds"/> and <see cref="Tokenizer.SuffixIds"/>.
/// </summary>
internal static class PostProcessorReader
{
    public static (long[] Prefix, long[] Suffix) Read(JsonSetting? setting)
    {
        if (setting is not { } processor) return ([], []);
        var type = processor.Child("type");
        switch (type.Text())
        {
            case "ByteLevel":       // moves offsets only
                processor.AllowOnly("type", "add_prefix_space", "trim_offsets", "use_regex");
                return ([], []);
            case "BertProcessing":
                processor.AllowOnly("type", "sep", "cls");
                return ([PairId(processor.Child("cls"))], [PairId(processor.Child("sep"))]);
            case "RobertaProcessing":
                processor.AllowOnly("type", "sep", "cls", "trim_offsets", "add_prefix_space");
                return ([PairId(processor.Child("cls"))], [PairId(processor.Child("sep"))]);
            case "TemplateProcessing":
                processor.AllowOnly("type", "single", "pair", "special_tokens");
                return ReadTemplate(processor);
            case "Sequence":
                processor.AllowOnly("type", "processors");
                return processor.Child("processors").Items().Select(item => Read(item)).Aggregate(
                    (Prefix: Array.Empty<long>(), Suffix: Array.Empty<long>()),
                    (inner, outer) => ([.. outer.Prefix, .. inner.Prefix], [.. inner.Suffix, .. outer.Suffix]));
            default:
                throw type.Error($"is {type.Shown()}; supported: \"ByteLevel\", "
                    + "\"BertProcessing\", \"RobertaProcessing\", \"TemplateProcessing\", \"Sequence\"");
        }
    }

    // ["<s>", 0]
    private static long PairId(JsonSetting pair) =>
        pair.Items().ToArray() is [var name, var id] && name.IsString
            ? id.Id()
            : throw pair.Error($"is {pair.Shown()}; expected [token, id]");

    private static (long[] Prefix, long[] Suffix) ReadTemplate(JsonSetting processor)
    {
        var (prefix, suffix, seen) = (new List<long>(), new List<long>(), false);
        var single = processor.Child("single");
        foreach (var item in single.Items())
        {
            if (item.Find("SpecialToken") is { } special)
            {
                var name = special.Child("id").Text();
                var ids = processor.Child("special_tokens").Child(name).Child("ids");
                (seen ? suffix : prefix).AddRange(ids.Items().Select(id => (long)id.Id()));
                continue;
            }
            item.Child("Sequence");
            if (seen) throw item.Error("is a second place for the text; expected one");
            seen = true;
        }
        return seen ? ([.. prefix], [.. suffix]) : throw single.Error("has no place for the text (Sequence)");
    }
}
