using System.Text.Json;

namespace Interp.Weights;

/// <summary>Reads the JSON of a safetensors header token by token, checking each, and builds nothing else.</summary>
internal ref struct SafeTensorsJson
{
    private const int MaxDimensions = 64; // libtorch's own limit

    private readonly MappedFile _file;
    private readonly AllocationBudget _budget;
    private readonly HashSet<string> _names = [];
    private Utf8JsonReader _json;
    private string? _tensor; // the one being read, for errors

    public SafeTensorsJson(MappedFile file, ReadOnlySpan<byte> json, AllocationBudget budget)
    {
        _file = file;
        _budget = budget;
        _json = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
    }

    public void Read(List<TensorInfo> tensors, List<long> offsets, Dictionary<string, string> metadata)
    {
        try
        {
            Next();
            while (NextName("a tensor's name") is { } name)
            {
                _tensor = name;
                if (!_names.Add(name)) throw Fault("it is listed twice", "every name once");
                if (name == "__metadata__") ReadMetadata(metadata);
                else ReadTensor(name, tensors, offsets);
                _tensor = null;
            }

            if (_json.Read()) throw Fault("text follows the JSON object", "only spaces after it");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // JsonException: not JSON. InvalidOperationException: a string with a lone surrogate.
            throw new WeightsFormatException(
                _file.Path, Place(), fault is JsonException ? "it is not valid JSON" : "a string is not valid UTF-16",
                "one JSON object", fault);
        }
    }

    private void ReadMetadata(Dictionary<string, string> metadata)
    {
        Expect(JsonTokenType.StartObject, "an object of strings");
        while (NextName("a key") is { } key)
        {
            Expect(JsonTokenType.String, "a string as value of every key");
            if (!metadata.TryAdd(key, Text())) throw Fault($"key '{key}' appears twice", "every key once");
        }
    }

    private void ReadTensor(string name, List<TensorInfo> tensors, List<long> offsets)
    {
        string? dtype = null;
        long[]? shape = null, range = null;
        Expect(JsonTokenType.StartObject, "an object with dtype, shape and data_offsets");
        while (NextName("dtype, shape or data_offsets") is { } field)
        {
            var seen = field switch
            {
                "dtype" => dtype is not null,
                "shape" => shape is not null,
                _ => field == "data_offsets" && range is not null,
            };
            if (seen) throw Fault($"field '{field}' appears twice", "every field once");
            switch (field)
            {
                case "dtype":
                    Expect(JsonTokenType.String, "a string as dtype");
                    dtype = Text();
                    break;
                case "shape":
                    shape = Numbers("shape", MaxDimensions);
                    break;
                case "data_offsets":
                    range = Numbers("data_offsets", 2);
                    break;
                default:
                    throw Fault($"it has an unknown field '{field}'", "dtype, shape and data_offsets only");
            }
        }

        if (dtype is null || shape is null || range is null)
        {
            var missing = dtype is null ? "dtype" : shape is null ? "shape" : "data_offsets";
            throw Fault($"it has no {missing}", "dtype, shape and data_offsets");
        }

        _budget.Charge(768); // the record, its list and dictionary entries, the arrays of the layout check
        tensors.Add(new TensorInfo(name, DType(dtype), shape, Bytes(dtype, shape, range)));
        offsets.Add(range[0]);
    }

    private readonly WeightDType DType(string name) => WeightDTypes.FromSafeTensors(name)
        ?? throw Fault($"its dtype '{name}' is unknown", "a type of the format, such as F32 or BF16");

    private readonly long Bytes(string dtype, long[] shape, long[] range)
    {
        if (range.Length != 2) throw Fault($"it has {range.Length} data offsets", "two, [begin, end]");
        if (range[1] < range[0])
            throw Fault($"its data offsets [{range[0]}, {range[1]}] run backwards", "begin at most end");

        var what = $"shape [{string.Join(", ", shape)}] of {dtype}";
        var bits = Shapes.Product(shape, DType(dtype).Bits())
            ?? throw Fault($"{what} has more elements than 64 bits can count", "a shape that fits its data");
        if (bits % 8 != 0) throw Fault($"{what} ends inside a byte", "whole bytes");
        if (bits / 8 == range[1] - range[0]) return bits / 8;
        throw Fault(
            $"{what} needs {bits / 8} bytes but its data offsets [{range[0]}, {range[1]}] hold "
            + $"{range[1] - range[0]}", "offsets that span elements × bytes per element");
    }

    private long[] Numbers(string field, int most)
    {
        Expect(JsonTokenType.StartArray, $"an array of numbers as {field}");
        var numbers = new List<long>();
        while (Next() != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out var number) || number < 0)
                throw Fault($"its {field} holds {Shown()}", "whole numbers from 0 to 2^63 − 1");
            if (numbers.Count == most) throw Fault($"its {field} has more than {most} numbers", $"at most {most}");
            _budget.Charge(32);
            numbers.Add(number);
        }

        return [.. numbers];
    }

    private string? NextName(string what)
    {
        if (Next() == JsonTokenType.EndObject) return null;
        if (_json.TokenType != JsonTokenType.PropertyName) throw Fault($"it holds {Shown()}", what);
        return Text();
    }

    private void Expect(JsonTokenType type, string expected)
    {
        if (Next() != type) throw Fault($"it holds {Shown()}", expected);
    }

    private JsonTokenType Next()
    {
        if (!_json.Read()) throw new JsonException("the text ends early");
        return _json.TokenType;
    }

    private readonly string Text()
    {
        _budget.ChargeString(_json.ValueSpan.Length + 64L); // and its place in a set or dictionary
        return _json.GetString() ?? "";
    }

    private readonly string Shown() => _json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number when _json.ValueSpan.Length <= 40 =>
            $"the number {System.Text.Encoding.UTF8.GetString(_json.ValueSpan)}",
        JsonTokenType.Number => "a very long number",
        var other => other.ToString().ToLowerInvariant(),
    };

    private readonly string Place() => _tensor switch
    {
        null => $"header, byte {8 + _json.BytesConsumed}",
        "__metadata__" => "__metadata__",
        _ => $"tensor '{_tensor}'",
    };

    private readonly WeightsFormatException Fault(string reason, string expected) =>
        new(_file.Path, Place(), reason, expected);
}
