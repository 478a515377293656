// What the tests of CMA-CLIP share: small models, a batch of products, comparisons.
using Duet.Data;
using Duet.Models;
using Duet.Models.Heads;
using Duet.Tests.Training;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Models;

internal static class CmaClipCases
{
    public const int Rows = 3;
    public const int Padding = 0;
    public const int Vocabulary = 40;

    public static CmaClipOptions Micro => TrainingCatalogue.Micro;

    public static ModelContext Context { get; } =
        new(
            [
                new("color", "color", TaskKind.SingleLabel, ["red", "green", "blue"]),
                new("tags", "tags", TaskKind.MultiLabel, ["new", "used"]),
            ],
            Vocabulary,
            Padding,
            1,
            -1
        );

    public static CmaClip Create(CmaClipOptions options)
    {
        TorchRuntime.Seed(3);
        return new CmaClip(options, Context);
    }

    // Small random vectors hardly prefer anything; larger ones show every influence.
    public static CmaClip Evaluating(CmaClipOptions options)
    {
        var model = Create(options);
        using (no_grad())
        {
            foreach (
                var parameter in model.NamedParameters().Where(parameter => parameter.Key.Contains("modality", StringComparison.Ordinal))
            )
            {
                parameter.Value.mul_(10);
            }
        }

        model.eval();
        return model;
    }

    public static void CopyShared(CmaClip source, CmaClip target)
    {
        using var recording = no_grad();
        var own = target.NamedState().ToDictionary();
        var copied = 0;
        foreach (var (name, tensor) in source.NamedState())
        {
            if (own.TryGetValue(name, out var place) && place.shape.AsSpan().SequenceEqual(tensor.shape))
            {
                place.copy_(tensor);
                copied++;
            }
        }

        copied.ShouldBeGreaterThan(20);
    }

    public static List<string> Names(CmaClipOptions options)
    {
        using var model = Create(options);
        return [.. model.NamedParameters().Select(parameter => parameter.Key)];
    }

    public static void SetScale(ContrastiveLoss loss, double scale)
    {
        using var recording = no_grad();
        loss.LogitScale.fill_(Math.Log(scale));
    }

    // Texts of 5, 7 and 4 tokens in rows of 7.
    public static Batch Products()
    {
        TorchRuntime.Seed(9);
        return new Batch(
            Tensors.Normal([Rows, 3, Micro.ImageSize, Micro.ImageSize]),
            Tensors.From<long>([2, 11, 12, 13, 1, 0, 0, 2, 21, 22, 23, 24, 25, 1, 2, 31, 32, 1, 0, 0, 0], Rows, 7),
            arange(0, 7).lt(Tensors.From<long>([5, 7, 4], Rows, 1)),
            ones([Rows], dtype: ScalarType.Bool),
            ones([Rows], dtype: ScalarType.Bool)
        )
        {
            Labels = [Tensors.From<long>([0, 2, 1], Rows), Tensors.From<float>([0, 1, 1, 0, 1, 1], Rows, 2)],
        };
    }

    public static void Same(ModelOutput first, ModelOutput second, float tolerance = 1e-6f)
    {
        foreach (var (one, two) in first.Logits.Zip(second.Logits))
        {
            Close(one.ToArray(), two.ToArray(), tolerance);
        }
    }

    public static void Differ(ModelOutput first, ModelOutput second, int row)
    {
        foreach (var (one, two) in first.Logits.Zip(second.Logits))
        {
            one.select(0, row)
                .ToArray()
                .Zip(two.select(0, row).ToArray())
                .Max(pair => Math.Abs(pair.First - pair.Second))
                .ShouldBeGreaterThan(1e-4f);
        }
    }

    public static void Close(float[] actual, float[] expected, float tolerance)
    {
        actual.Length.ShouldBe(expected.Length);
        actual.Zip(expected).Max(pair => Math.Abs(pair.First - pair.Second)).ShouldBeLessThanOrEqualTo(tolerance);
    }
}
