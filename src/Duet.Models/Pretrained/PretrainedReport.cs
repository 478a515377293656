// What became of a checkpoint's tensors.
namespace Duet.Models.Pretrained;

/// <summary>What a system took from a source, and what not.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Format">Its format.</param>
public sealed record PretrainedReport(string Source, PretrainedFormat Format)
{
    /// <summary>The system's tensors that have pre-trained values now.</summary>
    public required IReadOnlyList<string> Loaded { get; init; }

    /// <summary>The system's tensors that start as they were: heads, fusion, towers the source does not have.</summary>
    public required IReadOnlyList<string> New { get; init; }

    /// <summary>Published tensors that were left out on purpose, with the reason.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Ignored { get; init; }

    /// <summary>Published tensors of towers that the system does not have.</summary>
    public required IReadOnlyList<string> Unused { get; init; }

    /// <summary>Published tensors that no rule of the format's table covers; empty unless the caller allowed them.</summary>
    public required IReadOnlyList<string> Unmatched { get; init; }

    /// <summary>What was changed on the way: resized positions, converted types.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>One line for people.</summary>
    public string Summary =>
        $"{Source} ({Format}): {Loaded.Count} tensors taken, {New.Count} new, {Ignored.Count} left out, {Unused.Count} of other towers"
        + (Unmatched.Count > 0 ? $", {Unmatched.Count} not understood" : string.Empty)
        + string.Concat(Notes.Select(note => $"; {note}"))
        + ".";
}
