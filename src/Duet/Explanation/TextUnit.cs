// A word of a text, with the tokens it became.
using System.Text.Json.Serialization;

namespace Duet.Explanation;

/// <summary>
/// What gets a score in a text: a run of characters between white space, or a single character of a script that is written without spaces.
/// </summary>
/// <param name="Text">Its characters.</param>
/// <param name="Start">Its first character's place in the text.</param>
/// <param name="Seen">Whether the model reads it; false where it was cut off.</param>
public sealed record TextUnit(string Text, int Start, bool Seen)
{
    /// <summary>The positions of its tokens in what the model reads; those that were cut off are missing.</summary>
    [JsonIgnore]
    public IReadOnlyList<TokenPlace> Places { get; init; } = [];
}
