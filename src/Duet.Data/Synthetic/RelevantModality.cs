// Where the signal for a task is.
namespace Duet.Data;

/// <summary>Which of picture and title carries the answer.</summary>
public enum RelevantModality
{
    /// <summary>Only the picture.</summary>
    Image,

    /// <summary>Only the title.</summary>
    Text,

    /// <summary>Each of them alone is enough.</summary>
    Both,
}
