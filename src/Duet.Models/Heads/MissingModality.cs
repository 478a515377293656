// What replaces a picture or text that is not there.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Heads;

/// <summary>A learned vector that takes the place of a missing input's embedding, so that what the tower made of nothing is never
/// seen.</summary>
public sealed class MissingModality : Module
{
    private readonly Tensor _vector;

    /// <summary>Creates the vector, <c>[D]</c>, starting at zero.</summary>
    public MissingModality(long width) => _vector = AddParameter("vector", zeros([width]));

    /// <summary>Embeddings <c>[B, D]</c> with this vector in the rows where nothing is present.</summary>
    /// <param name="embedding"><c>[B, D]</c>.</param>
    /// <param name="present"><c>[B]</c> boolean.</param>
    public Tensor Fill(Tensor embedding, Tensor present) => embedding.to(ScalarType.Float32).where(present.unsqueeze(1), _vector);
}
