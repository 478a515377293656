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

/// <summary>What is wrong with a row. Written to <c>issues.csv</c> in snake case.</summary>
public enum DataIssueKind
{
    /// <summary>The row was left out when the table was read.</summary>
    SetAside,

    /// <summary>The path of a picture leads nowhere: there is no such file, or the cell is a list of pictures.</summary>
    MissingPicture,

    /// <summary>The path of a picture is refused: it is absolute, an address, or leads out of the allowed folders.</summary>
    RefusedPicture,

    /// <summary>A picture is there and is refused or cannot be decoded.</summary>
    BrokenPicture,

    /// <summary>The picture is used by more than 2 % of the rows, or was named as a placeholder.</summary>
    PlaceholderPicture,

    /// <summary>The text occurs in more than 2 % of the rows.</summary>
    PlaceholderText,

    /// <summary>The row has no picture.</summary>
    NoPicture,

    /// <summary>The row has no text.</summary>
    NoText,

    /// <summary>The picture has the same content as an earlier row's.</summary>
    SamePicture,

    /// <summary>The picture looks like an earlier row's: the same photo, compressed or sized differently.</summary>
    NearPicture,

    /// <summary>The text is an earlier row's, letter case, punctuation and spacing apart.</summary>
    SameText,

    /// <summary>The row is in another split than its duplicate.</summary>
    Leak,

    /// <summary>The label is probably wrong.</summary>
    SuspectLabel,

    /// <summary>The label is written in another way than a commoner one, and differs from it only in letter case, accents, blanks or the
    /// format of numbers.</summary>
    LabelSpelling,
}
