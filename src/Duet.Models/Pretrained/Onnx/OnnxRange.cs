// A part of a buffer.
namespace Duet.Models.Pretrained.Onnx;

/// <summary>Where a field's bytes lie in the file's buffer.</summary>
internal readonly record struct OnnxRange(int Start, int Length);
