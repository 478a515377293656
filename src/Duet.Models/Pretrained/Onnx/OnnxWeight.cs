// A stored tensor under its published name.
namespace Duet.Models.Pretrained.Onnx;

/// <summary>One entry of the state dictionary that an ONNX file was exported from.</summary>
/// <param name="Name">The published name.</param>
/// <param name="Tensor">The stored tensor.</param>
/// <param name="Transposed">Whether it is a matrix that is stored <c>[in, out]</c> and published <c>[out, in]</c>.</param>
internal sealed record OnnxWeight(string Name, OnnxTensor Tensor, bool Transposed = false)
{
    /// <summary>The published shape.</summary>
    internal long[] Shape => Transposed ? [Tensor.Shape[1], Tensor.Shape[0]] : Tensor.Shape;

    /// <summary>The elements in the published order, in memory that does not move.</summary>
    /// <exception cref="PretrainedException">The file beside the ONNX file that holds them is damaged.</exception>
    internal ReadOnlyMemory<byte> Read()
    {
        var stored = Tensor.External is { } external ? external.Read(Name, Tensor.ByteLength) : Tensor.Data;
        return Transposed ? Transpose(stored.Span) : stored;
    }

    private byte[] Transpose(ReadOnlySpan<byte> stored)
    {
        var (rows, columns) = ((int)Tensor.Shape[0], (int)Tensor.Shape[1]);
        var result = GC.AllocateUninitializedArray<byte>(stored.Length, pinned: true);
        var size = rows * columns == 0 ? 0 : stored.Length / (rows * columns);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                stored.Slice(((row * columns) + column) * size, size).CopyTo(result.AsSpan(((column * rows) + row) * size));
            }
        }

        return result;
    }
}
