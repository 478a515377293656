// The kinds of issues that a check of a data set finds.
namespace Duet.Data.Checks;

/// <summary>What is wrong with a row. Written to <c>issues.csv</c> in snake case.</summary>
public enum DataIssueKind
{
    /// <summary>The row, or a picture path in it, was set aside when the table was read.</summary>
    SetAside,

    /// <summary>A picture is missing, refused or cannot be decoded.</summary>
    BrokenPicture,

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

    /// <summary>The row stands in another split than its twin.</summary>
    Leak,

    /// <summary>The label is probably wrong.</summary>
    SuspectLabel,

    /// <summary>The label is written in another way than a commoner one, and differs from it only in letter case, accents, blanks or the format of numbers.</summary>
    LabelSpelling,
}
