using System.Security.Cryptography;
using System.Text;

namespace Interp.Notebooks.Protocol;

/// <summary>Signs messages with HMAC-SHA256 over header, parent header, metadata and content (Jupyter messaging 5.3).</summary>
/// <param name="key">The key of the connection; empty where messages are not signed.</param>
internal sealed class Signer(string key)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

    /// <summary>The signature in hexadecimal digits, as bytes of ASCII.</summary>
    public byte[] Sign(ReadOnlySpan<byte[]> parts)
    {
        if (_key.Length == 0) return [];
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (var part in parts) hash.AppendData(part);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Whether a signature is right; compared in a time that tells nothing about it.</summary>
    public bool Verify(byte[] signature, ReadOnlySpan<byte[]> parts) =>
        _key.Length == 0 || CryptographicOperations.FixedTimeEquals(signature, Sign(parts));
}
