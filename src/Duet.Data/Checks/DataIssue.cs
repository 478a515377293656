// One finding of a check.
namespace Duet.Data.Checks;

/// <summary>Something that is wrong with a row.</summary>
/// <param name="Kind">What.</param>
/// <param name="Row">The row.</param>
/// <param name="Id">Its id.</param>
/// <param name="Detail">What exactly, in words.</param>
public sealed record DataIssue(DataIssueKind Kind, long Row, string Id, string Detail)
{
    /// <summary>The row it is compared with: its twin; null where there is none.</summary>
    public long? OtherRow { get; init; }

    /// <summary>That row's id.</summary>
    public string OtherId { get; init; } = string.Empty;

    /// <summary>The picture or table file, where one is to blame.</summary>
    public string File { get; init; } = string.Empty;

    /// <summary>The task of a suspect label.</summary>
    public string Task { get; init; } = string.Empty;

    /// <summary>Of a suspect label: how much likelier the other label is, from -1 to 1. Otherwise null.</summary>
    public double? Score { get; init; }
}
