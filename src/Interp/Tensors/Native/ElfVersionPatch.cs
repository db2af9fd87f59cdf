using System.Buffers.Binary;
using System.Text;

namespace Interp.Tensors.Native;

/// <summary>Makes one symbol version that an ELF library asks for optional, in a copy of the library.</summary>
/// <remarks>
/// Problem: TorchSharp's Linux library asks libstdc++ for <c>GLIBCXX_3.4.32</c>, which Debian 12 and Ubuntu 22.04 do not
/// have, though nothing in it calls the one symbol of that version. Idea: the entry in the section
/// <c>.gnu.version_r</c> has flags; with the weak flag (2) the loader goes on when the version is missing.
/// Layout of the file: ELF-64 specification; of the section: "Symbol versioning" in the Linux Standard Base.
/// </remarks>
internal static class ElfVersionPatch
{
    private const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort Weak = 2; // VER_FLG_WEAK

    /// <summary>Sets the weak flag of a version in the bytes of a library.</summary>
    /// <returns>Whether the library asks for the version.</returns>
    /// <exception cref="InvalidDataException">The bytes are no little-endian ELF-64 file.</exception>
    internal static bool MakeWeak(Span<byte> elf, string version)
    {
        try
        {
            return Patch(elf, Encoding.ASCII.GetBytes(version));
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("the library is no whole ELF file: a section lies outside it", e);
        }
    }

    private static bool Patch(Span<byte> elf, ReadOnlySpan<byte> version)
    {
        if (elf.Length < 64 || !elf[..6].SequenceEqual("\u007fELF\u0002\u0001"u8))
            throw new InvalidDataException("the library is no little-endian ELF-64 file");
        var sections = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(elf[40..])); // e_shoff
        int size = UInt16(elf, 58), count = UInt16(elf, 60);                             // e_shentsize, e_shnum
        var found = false;
        for (var k = 0; k < count; k++)
        {
            var header = sections + (k * size);
            if (UInt32(elf, header + 4) != VersionNeedSection) continue;
            var names = Section(elf, sections + ((int)UInt32(elf, header + 40) * size)); // sh_link
            found |= PatchNeeds(elf, Section(elf, header).Start.Value, (int)UInt32(elf, header + 44), names, version);
        }
        return found;
    }

    /// <summary>One file after another that versions are needed of, and the versions needed of each.</summary>
    private static bool PatchNeeds(Span<byte> elf, int need, int needs, Range names, ReadOnlySpan<byte> version)
    {
        var found = false;
        for (var n = 0; n < needs; n++)
        {
            var entry = need + (int)UInt32(elf, need + 8); // vn_aux
            for (var v = UInt16(elf, need + 2); v > 0; v--) // vn_cnt
            {
                var name = elf[names][(int)UInt32(elf, entry + 8)..]; // vna_name
                if (name.StartsWith(version) && name[version.Length] == 0)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(elf[(entry + 4)..], (ushort)(UInt16(elf, entry + 4) | Weak));
                    found = true;
                }
                entry += (int)UInt32(elf, entry + 12); // vna_next
            }
            need += (int)UInt32(elf, need + 12); // vn_next
        }
        return found;
    }

    /// <summary>Where a section's bytes are: sh_offset and sh_size of its header.</summary>
    private static Range Section(Span<byte> elf, int header)
    {
        var start = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(elf[(header + 24)..]));
        return start..checked(start + (int)BinaryPrimitives.ReadUInt64LittleEndian(elf[(header + 32)..]));
    }

    private static ushort UInt16(Span<byte> elf, int at) => BinaryPrimitives.ReadUInt16LittleEndian(elf[at..]);

    private static uint UInt32(Span<byte> elf, int at) => BinaryPrimitives.ReadUInt32LittleEndian(elf[at..]);
}
