namespace Interp.Tests.Tensors;

/// <summary>What differs between systems sits in one class.</summary>
public sealed class PlatformCallsTests
{
    private static readonly string[] OfOneSystem = ["\"libc", "\"/proc", "\"/sys/", "\"kernel32", "\"libSystem"];

    [Fact]
    public void Only_Platform_calls_one_operating_system()
    {
        var wrong = Directory.EnumerateFiles(Repository.Path("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && Path.GetFileName(file) != "Platform.cs")
            .Where(file => File.ReadAllText(file) is var text && OfOneSystem.Any(call => text.Contains(call, StringComparison.Ordinal)));
        Assert.Empty(wrong);
    }
}
