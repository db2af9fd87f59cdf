namespace Interp.Torch;

/// <summary>The kind of a device; values are c10's codes.</summary>
public enum DeviceType
{
    /// <summary>The processor.</summary>
    CPU = 0,

    /// <summary>An NVIDIA GPU.</summary>
    CUDA = 1,

    /// <summary>A device without memory: tensors have shapes but no data.</summary>
    META = 14,
}

/// <summary>Where a tensor's memory lies, written <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
/// <param name="Type">The kind of device.</param>
/// <param name="Index">Which of several; -1 for the current one.</param>
public readonly record struct Device(DeviceType Type, int Index = -1)
{
    /// <summary>The processor.</summary>
    public static Device CPU => new(DeviceType.CPU);

    /// <summary>The current GPU.</summary>
    public static Device CUDA => new(DeviceType.CUDA);

    /// <summary>Reads <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c> or <c>meta</c>.</summary>
    /// <exception cref="ArgumentException">The text is none of these.</exception>
    public static Device Parse(string text)
    {
        var parts = text.Trim().ToLowerInvariant().Split(':');
        DeviceType? type = parts[0] switch
        {
            "cpu" => DeviceType.CPU,
            "cuda" => DeviceType.CUDA,
            "meta" => DeviceType.META,
            _ => null,
        };
        var index = -1;
        if (type is null || parts.Length > 2 ||
            (parts.Length == 2 && (!int.TryParse(parts[1], out index) || index < 0)))
            throw new ArgumentException($"'{text}' is not a device; use cpu, cuda or cuda:N");
        return new Device(type.Value, index);
    }

    /// <summary>So that a device can be written as its name.</summary>
    public static implicit operator Device(string text) => Parse(text);

    /// <inheritdoc/>
    public override string ToString() =>
        Type.ToString().ToLowerInvariant() + (Index < 0 || Type == DeviceType.CPU ? "" : $":{Index}");
}
