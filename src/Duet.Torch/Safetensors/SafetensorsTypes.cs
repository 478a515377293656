// What is known of each element type: its name in a header and its size.
namespace Duet.Torch.Safetensors;

/// <summary>Names and sizes of the element types.</summary>
public static class SafetensorsTypes
{
    private static readonly (SafetensorsType Type, string Name, int Size)[] Table =
    [
        (SafetensorsType.Bool, "BOOL", 1),
        (SafetensorsType.U8, "U8", 1),
        (SafetensorsType.I8, "I8", 1),
        (SafetensorsType.F8E5M2, "F8_E5M2", 1),
        (SafetensorsType.F8E4M3, "F8_E4M3", 1),
        (SafetensorsType.I16, "I16", 2),
        (SafetensorsType.U16, "U16", 2),
        (SafetensorsType.F16, "F16", 2),
        (SafetensorsType.BF16, "BF16", 2),
        (SafetensorsType.I32, "I32", 4),
        (SafetensorsType.U32, "U32", 4),
        (SafetensorsType.F32, "F32", 4),
        (SafetensorsType.I64, "I64", 8),
        (SafetensorsType.U64, "U64", 8),
        (SafetensorsType.F64, "F64", 8),
    ];

    /// <summary>Every name that a header may use, for error messages.</summary>
    internal static string AllNames => string.Join(", ", Table.Select(row => row.Name));

    /// <summary>The size of one element in bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public static int ElementSize(this SafetensorsType type) => Row(type).Size;

    /// <summary>The name as written in a header, for instance <c>BF16</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public static string HeaderName(this SafetensorsType type) => Row(type).Name;

    /// <summary>Finds the type of a header name; names are case-sensitive.</summary>
    public static bool TryParse(string? name, out SafetensorsType type)
    {
        foreach (var row in Table)
        {
            if (string.Equals(row.Name, name, StringComparison.Ordinal))
            {
                type = row.Type;
                return true;
            }
        }

        type = default;
        return false;
    }

    private static (SafetensorsType Type, string Name, int Size) Row(SafetensorsType type)
    {
        // The table is in the enumeration's order.
        var index = (int)type;
        return index >= 0 && index < Table.Length
            ? Table[index]
            : throw new ArgumentOutOfRangeException(nameof(type), type, "This is not a safetensors element type.");
    }
}
