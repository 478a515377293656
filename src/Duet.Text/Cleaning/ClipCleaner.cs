// The cleaning that CLIP's tokenizer does before it cuts a text into words.
namespace Duet.Text.Cleaning;

/// <summary>
/// <c>basic_clean</c>, <c>whitespace_clean</c> and lower-casing of openai/CLIP's <c>simple_tokenizer.py</c>: damaged text is repaired
/// (<see cref="TextRepair"/>), HTML references are resolved twice, white space is collapsed, and letters are lower-cased as Python does it.
/// </summary>
public static class ClipCleaner
{
    /// <summary>The cleaned text.</summary>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string unescaped = HtmlReferences.Unescape(HtmlReferences.Unescape(TextRepair.Fix(text)));
        return PythonText.ToLower(PythonText.CollapseWhiteSpace(unescaped));
    }
}
