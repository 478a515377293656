// What a sweep was measured on: figures are only carried on where all of it is the same.
namespace Duet.Studies.Robustness;

/// <summary>The model and the products of a sweep.</summary>
public sealed record RobustnessSource
{
    /// <summary>SHA-256 of the model's weights.</summary>
    public required string Weights { get; init; }

    /// <summary>The name of the table's file or folder.</summary>
    public required string Table { get; init; }

    /// <summary>SHA-256 that identifies the table: of a file, or of the names and lengths in a folder.</summary>
    public required string TableHash { get; init; }

    /// <summary>The table's columns that were read, as one text.</summary>
    public required string Columns { get; init; }

    /// <summary>What else changes figures (data format, threshold, long texts, preparation of pictures, arithmetic, ...), as one text;
    /// empty in older files, which are then measured again.</summary>
    public string Settings { get; init; } = string.Empty;

    /// <summary>The split; null for the whole table.</summary>
    public string? Split { get; init; }

    /// <summary>The most products that were drawn; null for all.</summary>
    public int? Sample { get; init; }

    /// <summary>The seed of all draws.</summary>
    public required ulong Seed { get; init; }
}
