// Elements that are kept in a file beside the ONNX file.
namespace Duet.Models.Pretrained.Onnx;

/// <summary>A part of a file.</summary>
/// <param name="Path">The file, checked to lie in the ONNX file's folder.</param>
/// <param name="Offset">Its first byte.</param>
internal sealed record OnnxExternalData(string Path, long Offset)
{
    /// <summary>Reads the bytes into memory that does not move.</summary>
    /// <exception cref="PretrainedException">The file is shorter than it was, or the tensor is too large for one array.</exception>
    internal byte[] Read(string tensor, long length)
    {
        if (length > Array.MaxLength)
        {
            throw new PretrainedException(
                $"{Path}: tensor '{tensor}' has {length} bytes; at most {Array.MaxLength} fit the memory of one tensor."
            );
        }

        var bytes = GC.AllocateUninitializedArray<byte>((int)length, pinned: true);
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        file.Seek(Offset, SeekOrigin.Begin);
        return file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length
            ? bytes
            : throw new PretrainedException($"{Path}: it ends inside tensor '{tensor}'.");
    }
}
