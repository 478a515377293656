// Vectors that are replaced for an explanation, while others use the same table.
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Tests;

public sealed class EmbeddingTests
{
    [Fact]
    public void A_replacement_is_seen_where_it_was_set_alone()
    {
        using var scope = NewDisposeScope();
        using var table = new Embedding(3, 2);
        var plain = Look();
        table.Replace = vectors => vectors.Times(2.0);
        Look().ShouldBe([.. plain.Select(value => 2 * value)]);
        float[]? elsewhere = null;
        var thread = new Thread(() => elsewhere = Look());
        using (ExecutionContext.SuppressFlow())
        {
            // As threads that were there before.
            thread.Start();
        }

        thread.Join();
        elsewhere.ShouldBe(plain);
        table.Replace = null;
        Look().ShouldBe(plain);

        float[] Look()
        {
            using var own = NewDisposeScope();
            using var recording = no_grad();
            return table.Forward(Tensors.From([0L, 2L], 2)).ToArray();
        }
    }
}
