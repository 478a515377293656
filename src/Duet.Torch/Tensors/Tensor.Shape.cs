// Views, shapes, types, gathering and joining.
namespace Duet.Torch;

public sealed unsafe partial class Tensor
{
    private static readonly Operator ReshapeOp = new("aten::reshape");
    private static readonly Operator PermuteOp = new("aten::permute");
    private static readonly Operator TransposeOp = new("aten::transpose", "int");
    private static readonly Operator UnsqueezeOp = new("aten::unsqueeze");
    private static readonly Operator SqueezeOp = new("aten::squeeze", "dim");
    private static readonly Operator SelectOp = new("aten::select", "int");
    private static readonly Operator NarrowOp = new("aten::narrow");
    private static readonly Operator ExpandOp = new("aten::expand");
    private static readonly Operator RepeatInterleaveOp = new("aten::repeat_interleave", "self_int");
    private static readonly Operator FlattenOp = new("aten::flatten", "using_ints");
    private static readonly Operator ContiguousOp = new("aten::contiguous");
    private static readonly Operator CatOp = new("aten::cat");
    private static readonly Operator StackOp = new("aten::stack");
    private static readonly Operator SplitOp = new("aten::split", "Tensor");
    private static readonly Operator ChunkOp = new("aten::chunk");
    private static readonly Operator GatherOp = new("aten::gather");
    private static readonly Operator ScatterOp = new("aten::scatter", "src");
    private static readonly Operator IndexSelectOp = new("aten::index_select");
    private static readonly Operator IndexOp = new("aten::index", "Tensor");
    private static readonly Operator WhereOp = new("aten::where", "self");
    private static readonly Operator MaskedFillOp = new("aten::masked_fill", "Scalar");
    private static readonly Operator FlipOp = new("aten::flip");
    private static readonly Operator TriuOp = new("aten::triu");
    private static readonly Operator ToOp = new("aten::to", "dtype");
    private static readonly Operator ToDeviceOp = new("aten::to", "device");
    private static readonly Operator CloneOp = new("aten::clone");
    private static readonly Operator DetachOp = new("aten::detach");
    private static readonly Operator NonZeroOp = new("aten::nonzero");

    /// <summary>The same elements in another shape; one size may be -1.</summary>
    public Tensor Reshape(params ReadOnlySpan<long> shape)
    {
        fixed (long* sizes = shape)
        {
            return ReshapeOp.Call(this, Value.Integers(sizes, shape.Length));
        }
    }

    /// <summary>The dimensions in another order.</summary>
    public Tensor Permute(params ReadOnlySpan<long> dimensions)
    {
        fixed (long* order = dimensions)
        {
            return PermuteOp.Call(this, Value.Integers(order, dimensions.Length));
        }
    }

    /// <summary>Two dimensions exchanged.</summary>
    public Tensor Transpose(long first, long second) => TransposeOp.Call(this, first, second);

    /// <summary>A new dimension of size 1.</summary>
    public Tensor Unsqueeze(long dimension) => UnsqueezeOp.Call(this, dimension);

    /// <summary>Without a dimension of size 1.</summary>
    public Tensor Squeeze(long dimension) => SqueezeOp.Call(this, dimension);

    /// <summary>One slice of a dimension, which disappears.</summary>
    public Tensor Select(long dimension, long index) => SelectOp.Call(this, dimension, index);

    /// <summary><paramref name="length"/> slices of a dimension from <paramref name="start"/> on (a view).</summary>
    public Tensor Narrow(long dimension, long start, long length) => NarrowOp.Call(this, dimension, start, length);

    /// <summary>Dimensions of size 1 repeated without copying; -1 keeps a size.</summary>
    public Tensor Expand(params ReadOnlySpan<long> shape)
    {
        fixed (long* sizes = shape)
        {
            return ExpandOp.Call(this, Value.Integers(sizes, shape.Length));
        }
    }

    /// <summary>Every slice of a dimension repeated in place.</summary>
    public Tensor RepeatInterleave(long repeats, long dimension) => RepeatInterleaveOp.Call(this, repeats, dimension);

    /// <summary>Dimensions <paramref name="first"/> to <paramref name="last"/> merged into one.</summary>
    public Tensor Flatten(long first = 0, long last = -1) => FlattenOp.Call(this, first, last);

    /// <summary>The tensor in row-major order without gaps: itself where it is so already.</summary>
    public Tensor Contiguous() => ContiguousOp.Call(this);

    /// <summary>Tensors joined along an existing dimension.</summary>
    public static Tensor Concatenate(long dimension, params Tensor[] tensors) => CatOp.Call(tensors, dimension);

    /// <summary>Tensors joined along a new dimension.</summary>
    public static Tensor Stack(long dimension, params Tensor[] tensors) => StackOp.Call(tensors, dimension);

    /// <summary>Pieces of the given size along one dimension (views).</summary>
    public Tensor[] Split(long size, long dimension) => Array.ConvertAll(SplitOp.CallMany(this, size, dimension), piece => piece!);

    /// <summary>The given number of equal pieces along one dimension (views).</summary>
    public Tensor[] Chunk(long count, long dimension) => Array.ConvertAll(ChunkOp.CallMany(this, count, dimension), piece => piece!);

    /// <summary><c>result[i][j] = this[i][index[i][j]]</c> for dimension 1, likewise for others.</summary>
    public Tensor Gather(long dimension, Tensor index) => GatherOp.Call(this, dimension, index);

    /// <summary>A copy where <c>result[i][index[i][j]] = source[i][j]</c> for dimension 1, likewise for others.</summary>
    public Tensor Scatter(long dimension, Tensor index, Tensor source) => ScatterOp.Call(this, dimension, index, source);

    /// <summary>Slices of a dimension by index <c>[N]</c>.</summary>
    public Tensor IndexSelect(long dimension, Tensor index) => IndexSelectOp.Call(this, dimension, index);

    /// <summary>Advanced indexing: one index (or boolean mask) tensor per leading dimension, null for a whole dimension.</summary>
    public Tensor Index(params Tensor?[] indices) => IndexOp.Call(this, indices);

    /// <summary><c>condition ? this : other</c>, element-wise.</summary>
    public Tensor Where(Tensor condition, Tensor other) => WhereOp.Call(condition, this, other);

    /// <summary>A copy with <paramref name="value"/> where the boolean mask is true.</summary>
    public Tensor MaskedFill(Tensor mask, double value) => MaskedFillOp.Call(this, mask, value);

    /// <summary>The order along one dimension reversed.</summary>
    public Tensor Flip(long dimension) => FlipOp.Call(this, Value.Integers(&dimension, 1));

    /// <summary>The upper triangle from the given diagonal on; zeros elsewhere.</summary>
    public Tensor UpperTriangle(long diagonal = 0) => TriuOp.Call(this, diagonal);

    /// <summary>The indices <c>[N, Rank]</c> of the elements that are not zero.</summary>
    public Tensor NonZero() => NonZeroOp.Call(this);

    /// <summary>Another element type: itself where it has that type already.</summary>
    public Tensor To(ScalarType type) => ToOp.Call(this, type);

    /// <summary>Another element type and device: itself where it is so already.</summary>
    public Tensor To(ScalarType type, Device device) => ToDeviceOp.Call(this, device, type);

    /// <summary>Another device: itself where it is there already.</summary>
    public Tensor To(Device device) => ToDeviceOp.Call(this, device, Type);

    /// <summary>A copy.</summary>
    public Tensor Clone() => CloneOp.Call(this);

    /// <summary>The same data cut from the autograd graph.</summary>
    public Tensor Detach() => DetachOp.Call(this);
}
