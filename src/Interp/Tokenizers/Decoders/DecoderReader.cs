using Interp.Tokenizers.Json;

namespace Interp.Tokenizers.Decoders;

/// <summary>Reads the <c>decoder</c> of a <c>tokenizer.json</c> into a chain of steps.</summary>
internal static class DecoderReader
{
    public static IReadOnlyList<Decoder> Read(JsonSetting setting)
    {
        var steps = new List<Decoder>();
        AddTo(steps, setting);
        return steps;
    }

    private static void AddTo(List<Decoder> steps, JsonSetting setting)
    {
        var type = setting.Child("type");
        switch (type.Text())
        {
            case "Sequence":
                setting.AllowOnly("type", "decoders");
                foreach (var item in setting.Child("decoders").Items()) AddTo(steps, item);
                break;
            case "WordPiece":
                setting.AllowOnly("type", "prefix", "cleanup");
                steps.Add(EachTokenDecoder.WordPiece(
                    setting.Find("prefix")?.Text() ?? "##", setting.Flag("cleanup", absent: true)));
                break;
            case "Metaspace":
                steps.Add(ReadMetaspace(setting));
                break;
            case "Replace":
                setting.AllowOnly("type", "pattern", "content");
                setting.Child("pattern").AllowOnly("String");
                var from = setting.Child("pattern").Child("String");
                if (from.Text().Length == 0) throw from.Error("is empty; expected what to replace");
                steps.Add(EachTokenDecoder.Replace(from.Text(), setting.Child("content").Text()));
                break;
            case "Strip":
                setting.AllowOnly("type", "content", "start", "stop");
                var content = setting.Child("content");
                if (content.Text().Length != 1) throw content.Error($"is {content.Shown()}; expected one character");
                steps.Add(EachTokenDecoder.Strip(
                    content.Text()[0], setting.Child("start").Id(), setting.Child("stop").Id()));
                break;
            case "ByteFallback":
                setting.AllowOnly("type");
                steps.Add(new ByteFallbackDecoder());
                break;
            case "Fuse":
                setting.AllowOnly("type");
                steps.Add(new FuseDecoder());
                break;
            default:
                throw type.Error($"is {type.Shown()}; supported: \"WordPiece\", \"Metaspace\", \"Replace\", \"Strip\", "
                    + "\"ByteFallback\", \"Fuse\", \"Sequence\" (and \"ByteLevel\" for byte-level BPE)");
        }
    }

    private static EachTokenDecoder ReadMetaspace(JsonSetting setting)
    {
        setting.AllowOnly("type", "replacement", "str_rep", "prepend_scheme", "add_prefix_space", "split");
        var replacement = setting.Child("replacement");
        if (replacement.Text().Length != 1)
            throw replacement.Error($"is {replacement.Shown()}; expected one character");
        var prepended = setting.Find("prepend_scheme") is { } scheme
            ? scheme.Text() != "never"
            : setting.Flag("add_prefix_space", absent: true);
        return EachTokenDecoder.Metaspace(replacement.Text()[0], prepended);
    }
}
