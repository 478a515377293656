// SentencePiece's precompiled character map: a double-array trie from byte sequences to their normal form.
using System.Buffers.Binary;

namespace Duet.Text;

/// <summary>
/// The <c>precompiled_charsmap</c> of a SentencePiece model: a little-endian length, a Darts-clone double array of that many bytes, then
/// the normal forms as UTF-8 with a zero byte after each. Every access is checked, because the map comes from a file.
/// </summary>
internal sealed class CharsMap
{
    private readonly uint[] _units;
    private readonly byte[] _forms;

    /// <summary>Reads the map.</summary>
    /// <exception cref="TokenizerFormatException">The lengths do not fit together.</exception>
    public CharsMap(ReadOnlySpan<byte> content)
    {
        uint trieLength = content.Length < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(content);
        if (trieLength > content.Length - 4 || trieLength % 4 != 0 || trieLength == 0)
        {
            throw new TokenizerFormatException(
                $"the character map of {content.Length} bytes is damaged: its trie cannot be {trieLength} bytes long."
            );
        }

        _units = new uint[trieLength / 4];
        for (int i = 0; i < _units.Length; i++)
        {
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(content[(4 + (i * 4))..]);
        }

        _forms = content[(4 + (int)trieLength)..].ToArray();
    }

    /// <summary>The longest beginning of the text that the map knows.</summary>
    /// <param name="text">UTF-8 bytes.</param>
    /// <param name="form">The normal form of that beginning, as UTF-8.</param>
    /// <returns>The number of bytes replaced; 0 where the map knows no beginning.</returns>
    public int LongestPrefix(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> form)
    {
        form = default;
        int longest = 0;
        uint node = Offset(_units[0]);
        for (int i = 0; i < text.Length; i++)
        {
            node ^= text[i];
            if (node >= _units.Length || Label(_units[node]) != text[i])
            {
                break;
            }

            uint unit = _units[node];
            node ^= Offset(unit);
            if (HasLeaf(unit) && node < _units.Length && TryForm(_units[node] & 0x7FFFFFFF, out var found))
            {
                form = found;
                longest = i + 1;
            }
        }

        return longest;
    }

    private static bool HasLeaf(uint unit) => (unit & 0x100) != 0;

    private static uint Label(uint unit) => unit & 0x800000FF;

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);

    private bool TryForm(uint start, out ReadOnlySpan<byte> form)
    {
        form = default;
        if (start >= _forms.Length)
        {
            return false;
        }

        var rest = _forms.AsSpan((int)start);
        int end = rest.IndexOf((byte)0);
        form = end < 0 ? rest : rest[..end];
        return true;
    }
}
