// The kinds of issues that a check of a data set finds.
namespace Duet.Data.Checks;

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
