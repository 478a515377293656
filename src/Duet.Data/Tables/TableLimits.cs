// Limits that keep a hostile or broken table from taking the machine's memory.
namespace Duet.Data;

/// <summary>Sizes beyond which a field or row is quarantined, or a table refused.</summary>
public sealed record TableLimits
{
    /// <summary>The largest field in bytes. Default 1 MiB: the longest product descriptions are well below 100 KiB.</summary>
    public int MaxFieldBytes { get; init; } = 1 << 20;

    /// <summary>The largest row in bytes. Default 8 MiB. An opened quote that is never closed costs at most this much reading
    /// ahead.</summary>
    public int MaxRowBytes { get; init; } = 8 << 20;

    /// <summary>The most columns a table may have. Default 4,096.</summary>
    public int MaxColumns { get; init; } = 4096;

    /// <summary>The most rows that are read. Default one billion, beyond any catalogue; lower it where tables come from
    /// strangers.</summary>
    public long MaxRows { get; init; } = 1_000_000_000;

    /// <summary>The most pictures per product. Default 64.</summary>
    public int MaxImages { get; init; } = 64;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="TableException">A limit is outside its range.</exception>
    public void Validate()
    {
        Check(MaxFieldBytes, 16, 1 << 28, nameof(MaxFieldBytes));
        Check(MaxRowBytes, 256, 1 << 29, nameof(MaxRowBytes));
        Check(MaxColumns, 1, 1 << 20, nameof(MaxColumns));
        Check(MaxRows, 1, long.MaxValue, nameof(MaxRows));
        Check(MaxImages, 1, 4096, nameof(MaxImages));
    }

    private static void Check(long value, long least, long most, string name)
    {
        if (value < least || value > most)
        {
            throw new TableException($"TableLimits.{name} is {value}; it must be between {least} and {most}.");
        }
    }
}
