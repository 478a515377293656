// Reads a small text file that may be anything.
using System.Text;
using System.Text.Unicode;

namespace Duet.Data;

/// <summary>Text files with limits.</summary>
internal static class TextFile
{
    /// <summary>Reads a UTF-8 file; a missing one is an empty text.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? Read(string path, long mostBytes, out string text)
    {
        text = string.Empty;
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return null;
            }

            if (file.Length > mostBytes)
            {
                return $"{path} has {file.Length} bytes, at most {mostBytes} are read";
            }

            var bytes = File.ReadAllBytes(path);
            if (!Utf8.IsValid(bytes))
            {
                return $"{path} is not UTF-8";
            }

            text = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').Trim();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{path} cannot be read: {e.Message}";
        }
    }
}
