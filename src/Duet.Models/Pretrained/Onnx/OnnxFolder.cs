// Where an ONNX file may keep weights outside itself: in its own folder.
using System.Globalization;

namespace Duet.Models.Pretrained.Onnx;

/// <summary>Finds external data. A file from a stranger must not make anything be read that lies elsewhere.</summary>
/// <param name="path">The ONNX file; null where it came from memory and has no folder.</param>
internal sealed class OnnxFolder(string? path)
{
    /// <summary>Where a tensor's bytes are.</summary>
    /// <param name="tensor">The tensor's name, for messages.</param>
    /// <param name="entries">What the file says: <c>location</c>, <c>offset</c>, <c>length</c>.</param>
    /// <param name="length">The bytes that its shape takes.</param>
    /// <exception cref="PretrainedException">The file is elsewhere, missing, or too short.</exception>
    internal OnnxExternalData Find(string tensor, IReadOnlyList<KeyValuePair<string, string>> entries, long length)
    {
        var location =
            Text(entries, "location") ?? throw new PretrainedException($"tensor '{tensor}' is in another file, but its name is missing.");
        if (path is null || !IsInside(location))
        {
            throw new PretrainedException(
                $"tensor '{tensor}' is in the file '{location}'; only files in the ONNX file's own folder are followed. Put both into "
                    + $"one folder and export them again."
            );
        }

        var file = new FileInfo(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, location));
        if (!file.Exists)
        {
            throw new PretrainedException(
                $"tensor '{tensor}' is in {file.FullName}, which is not there. An ONNX file and its data belong together: copy both."
            );
        }

        var offset = Number(tensor, entries, "offset") ?? 0;
        var stored = Number(tensor, entries, "length") ?? length;
        var available = (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file).Length;
        if (stored != length || offset > available || length > available - offset)
        {
            throw new PretrainedException(
                $"tensor '{tensor}' takes {length} bytes and is said to be {stored} bytes at {offset} of {file.FullName}, which has "
                    + $"{available}. The two files do not belong together."
            );
        }

        return new(file.FullName, offset);
    }

    // No way up, no root, no drive or stream, on any platform.
    private static bool IsInside(string location) =>
        location.Length > 0
        && location.IndexOfAny(['\\', ':', '\0']) < 0
        && location.Split('/').All(part => part.Length > 0 && part is not "." and not "..");

    private static string? Text(IReadOnlyList<KeyValuePair<string, string>> entries, string key) =>
        entries.FirstOrDefault(entry => string.Equals(entry.Key, key, StringComparison.Ordinal)).Value;

    private static long? Number(string tensor, IReadOnlyList<KeyValuePair<string, string>> entries, string key)
    {
        var text = Text(entries, key);
        return text is null ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
            : throw new PretrainedException($"tensor '{tensor}' has the {key} '{text}', which is no number of bytes.");
    }
}
