using System.Security.Cryptography;
using System.Text;

namespace Interp.Hub;

/// <summary>Checks that a file holds what its ETag names.</summary>
internal static class BlobHash
{
    private const int Sha256Digits = 64, Sha1Digits = 40;

    /// <summary>Whether the content has the hash; true also where the ETag is of a kind that says nothing of the content.</summary>
    internal static async Task<bool> MatchesAsync(string path, string etag, CancellationToken cancellation)
    {
        if (!HubNames.IsHex(etag) || etag.Length is not (Sha256Digits or Sha1Digits)) return true;
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 20, useAsync: true);
        await using (stream.ConfigureAwait(false))
        {
            using var hash = IncrementalHash.CreateHash(etag.Length == Sha256Digits ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
            // git hashes "blob", the length and the content: Git Internals, "Object Storage".
            if (etag.Length == Sha1Digits) hash.AppendData(Encoding.ASCII.GetBytes($"blob {stream.Length}\0"));
            var buffer = new byte[1 << 20];
            while (await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var count) hash.AppendData(buffer, 0, count);
            return Convert.ToHexStringLower(hash.GetHashAndReset()) == etag;
        }
    }
}
