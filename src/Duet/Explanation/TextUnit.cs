// A word of a text, with the tokens it became.
using System.Text.Json.Serialization;

namespace Duet.Explanation;

/// <summary>
/// What gets a score in a text: a run of characters between white space, or a single character of a script that is written without spaces.
/// </summary>
/// <param name="Text">Its characters.</param>
/// <param name="Start">Its first character's place in the text.</param>
/// <param name="Seen">Whether the model reads it; false where the text is longer than the model's context.</param>
public sealed record TextUnit(string Text, int Start, bool Seen)
{
    /// <summary>The place of its first token in the row of ids, where the start token has place 0.</summary>
    [JsonIgnore]
    public int FirstToken { get; init; }

    /// <summary>How many tokens it became.</summary>
    [JsonIgnore]
    public int TokenCount { get; init; }
}
