using System.Text;
using System.Text.Json;

namespace Interp.Tests.Robustness;

/// <summary>
/// Spoils a JSON file by its structure: values of another type, hostile numbers, members that are missing, doubled or
/// renamed, deep nesting, long texts, half surrogates; and by its bytes: flips, cuts, pieces moved. One seed, one sequence.
/// </summary>
internal sealed class JsonSpoiler
{
    private static readonly string[] Numbers =
    [
        "0", "-0", "-1", "1", "2", "3", "7", "0.5", "1.5", "-2.25", "255", "65536", "16777216", "16777217", "2147483647", "2147483648",
        "-2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e9", "1e18", "1e-320", "1e308",
        "1e309", "-1e999", "1E+0000000001", "0.1e1", "123456789012345678901234567890",
    ];

    private static readonly string[] NoJson = ["NaN", "Infinity", "-Infinity", "nan", "+1", "01", "1.", ".5", "0x10", "'x'", "undefined", "True", ""];

    private static readonly string[] Values =
    [
        "null", "true", "false", "[]", "{}", "[[]]", "[null]", "[1,2,3]", "[\"x\"]", "[{}]", "{\"\":0}", "{\"type\":\"default\"}",
        "{\"rope_type\":\"linear\",\"factor\":1e300}", "{\"type\":7}", "\"\"", "\" \"", "\"x\"", "\"null\"", "\"\\u0000\"", "\"\\ud800\"",
        "\"\\udc00x\"", "\"\\uFFFF\"", "\"..\"", "\"../../../../../../etc/passwd\"", "\"/etc/passwd\"", "\"C:\\\\x\"", "\"{0}%s$(id)\"",
        "\"(a+)+$\"", "\"[\"", "\"(?<\"", "\"\\\\p{L}\"", "\"gelu\"", "\"𝒜e\u0301\"",
    ];

    private readonly byte[] json;
    private readonly Random random;
    private readonly List<(int Key, int KeyEnd, int Begin, int End)> places = [];

    public JsonSpoiler(byte[] json, Random random)
    {
        (this.json, this.random) = (json, random);
        Locate();
    }

    /// <summary>The file, spoiled once or a few times by its structure, or by its bytes.</summary>
    public byte[] Next()
    {
        if (random.Next(8) == 0) return ByteSpoiler.Next(json, random);
        var file = OfStructure();
        // What is left of the structure after one change is found again, so that changes add up.
        while (random.Next(4) == 0 && file.Length < 1 << 20 && TryLocated(file) is { } again) file = again.OfStructure();
        return file;
    }

    private JsonSpoiler? TryLocated(byte[] file)
    {
        try
        {
            var spoiler = new JsonSpoiler(file, random);
            return spoiler.places.Count == 0 ? null : spoiler;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private byte[] OfStructure()
    {
        var place = places[random.Next(places.Count)];
        return random.Next(12) switch
        {
            0 => Removed(place),
            1 => Doubled(place),
            2 => Renamed(place),
            3 => Replaced(place, NoJson[random.Next(NoJson.Length)]),
            4 => Replaced(place, Nested()),
            5 => Replaced(place, $"\"{new string(random.Next(2) == 0 ? 'x' : '▁', 1 << random.Next(8, 17))}\""),
            6 => Swapped(place, places[random.Next(places.Count)]),
            7 => Wrapped(place),
            8 => Replaced(place, $"[{string.Join(',', Enumerable.Repeat(Numbers[random.Next(Numbers.Length)], 1 << random.Next(14)))}]"),
            9 => Replaced(place, Values[random.Next(Values.Length)]),
            _ => Replaced(place, Numbers[random.Next(Numbers.Length)]),
        };
    }

    /// <summary>Where every member and item stands: its name, and its value.</summary>
    private void Locate()
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1000 });
        var open = new Stack<(int Key, int KeyEnd, int Begin)>();
        var key = (-1, -1);
        while (reader.Read())
        {
            var (begin, end) = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    key = (begin, begin + reader.ValueSpan.Length + 2);
                    continue;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    open.Push((key.Item1, key.Item2, begin));
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    var (openKey, openKeyEnd, from) = open.Pop();
                    if (open.Count > 0) places.Add((openKey, openKeyEnd, from, end));
                    break;
                default:
                    places.Add((key.Item1, key.Item2, begin, end));
                    break;
            }
            key = (-1, -1);
        }
    }

    private byte[] Replaced((int Key, int KeyEnd, int Begin, int End) place, string value) =>
        [.. json[..place.Begin], .. Encoding.UTF8.GetBytes(value), .. json[place.End..]];

    private byte[] Removed((int Key, int KeyEnd, int Begin, int End) place)
    {
        var (from, to) = (place.Key >= 0 ? place.Key : place.Begin, place.End);
        var next = to;
        while (next < json.Length && char.IsWhiteSpace((char)json[next])) next++;
        if (next < json.Length && json[next] == ',') return [.. json[..from], .. json[(next + 1)..]];
        var before = from - 1;
        while (before > 0 && char.IsWhiteSpace((char)json[before])) before--;
        return [.. json[..(json[before] == ',' ? before : from)], .. json[to..]];
    }

    private byte[] Doubled((int Key, int KeyEnd, int Begin, int End) place)
    {
        var from = place.Key >= 0 ? place.Key : place.Begin;
        var again = random.Next(2) == 0 || place.Key < 0
            ? json[from..place.End]
            : [.. json[from..place.Begin], .. Encoding.UTF8.GetBytes(Values[random.Next(Values.Length)])];
        return [.. json[..from], .. again, (byte)',', .. json[from..]];
    }

    private byte[] Renamed((int Key, int KeyEnd, int Begin, int End) place)
    {
        if (place.Key < 0) return Removed(place);
        string[] names = ["\"\"", "\"x\"", "\"\\ud800\"", "\"\\u0000\"", $"\"{new string('k', 5000)}\"", "\"type\"", "7"];
        var other = places[random.Next(places.Count)];
        var name = other.Key >= 0 && random.Next(2) == 0
            ? json[other.Key..other.KeyEnd]
            : Encoding.UTF8.GetBytes(names[random.Next(names.Length)]);
        return [.. json[..place.Key], .. name, .. json[place.KeyEnd..]];
    }

    private byte[] Swapped((int Key, int KeyEnd, int Begin, int End) place, (int Key, int KeyEnd, int Begin, int End) other) =>
        [.. json[..place.Begin], .. json[other.Begin..other.End], .. json[place.End..]];

    private byte[] Wrapped((int Key, int KeyEnd, int Begin, int End) place)
    {
        var (left, right) = random.Next(2) == 0 ? ("[", "]") : ("{\"type\":", "}");
        return [.. json[..place.Begin], .. Encoding.UTF8.GetBytes(left), .. json[place.Begin..place.End],
            .. Encoding.UTF8.GetBytes(right), .. json[place.End..]];
    }

    private string Nested()
    {
        var depth = 1 << random.Next(2, 18);
        var (left, right) = random.Next(2) == 0 ? ("[", "]") : ("{\"a\":", "}");
        var builder = new StringBuilder();
        for (var level = 0; level < depth; level++) builder.Append(left);
        builder.Append('0');
        if (random.Next(3) > 0)
            for (var level = 0; level < depth; level++) builder.Append(right);
        return builder.ToString();
    }
}
