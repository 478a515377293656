// Recognises JSON that is no JSON Lines, though the file's name says so.
namespace Duet.Data;

/// <summary>One JSON array, or an object over many lines, where one object per line is expected.</summary>
internal static class JsonLines
{
    /// <summary>What to say of such a file, after its name.</summary>
    public const string Other =
        "is one JSON document (an array, or objects over several lines) and no JSON Lines: there every line is a whole object. "
        + "Convert it: jq -c '.[]?' FILE > FILE.jsonl for an array, jq -c . FILE > FILE.jsonl for objects.";

    /// <summary>Whether the first line that is not blank begins such a document.</summary>
    public static bool IsOtherJson(ReadOnlySpan<byte> firstLine)
    {
        var line = firstLine.Trim(" \t\r"u8);
        return line is [(byte)'{'] or [(byte)'['] || (line is [(byte)'[', .. var rest] && rest.TrimStart(" \t"u8) is [(byte)'{', ..]);
    }
}
