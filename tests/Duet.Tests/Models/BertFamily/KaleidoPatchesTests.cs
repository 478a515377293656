// Cutting, turning, shuffling and greying the patches of Kaleido-BERT.
using Duet.Models;
using Duet.Models.Fusion;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Models.BertFamily;

[Collection(RandomNumbersCollection.Name)]
public sealed class KaleidoPatchesTests
{
    [Fact]
    public void Cuts_row_by_row()
    {
        using var scope = NewDisposeScope();
        var pixels = arange(0, 4 * 4, dtype: ScalarType.Float32).reshape(1, 1, 4, 4).expand(1, 3, 4, 4);
        var patches = KaleidoPatches.Cut(pixels, grid: 2, size: 2);
        patches.shape.ShouldBe([1L, 4, 3, 2, 2]);
        patches.select(2, 0).reshape(4, 4).ToArray().ShouldBe([0f, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]);
    }

    [Fact]
    public void Four_quarter_turns_bring_a_patch_back_and_one_turns_left()
    {
        using var scope = NewDisposeScope();
        var patch = Tensors.Normal([1, 1, 3, 5, 5]);
        var one = Tensors.From([1L], 1);
        var turned = patch;
        for (var turn = 0; turn < 4; turn++)
        {
            turned = KaleidoPatches.Rotate(turned, one);
        }

        turned.ToArray().ShouldBe(patch.ToArray());
        KaleidoPatches.Rotate(patch, one).select(4, 0).ToArray().ShouldBe(patch.select(3, 0).flip(-1).ToArray());
        var half = KaleidoPatches.Rotate(KaleidoPatches.Rotate(patch, one), one);
        KaleidoPatches.Rotate(patch, Tensors.From([2L], 1)).ToArray().ShouldBe(half.ToArray());
    }

    [Fact]
    public void Orders_are_the_24_permutations_in_dictionary_order()
    {
        using var scope = NewDisposeScope();
        var patches = arange(0, 4, dtype: ScalarType.Float32).reshape(1, 4, 1, 1, 1).expand(24, 4, 3, 2, 2);
        var shuffled = KaleidoPatches.Shuffle(patches, arange(0, 24)).flatten(2).select(2, 0).ToArray();
        var orders = Enumerable.Range(0, 24).Select(k => string.Concat(shuffled.Skip(4 * k).Take(4))).ToList();
        orders.ShouldBeUnique();
        orders.ShouldBe(orders.Order(StringComparer.Ordinal));
        orders[0].ShouldBe("0123");
    }

    [Fact]
    public void Camouflage_changes_one_patch_and_takes_the_same_place_of_another_picture()
    {
        using var scope = NewDisposeScope();
        var patches = Tensors.Normal([3, 9, 3, 2, 2]);
        var changed = KaleidoPatches.Camouflage(patches, Tensors.From([4L, 0, 8], 3, 1));
        var differs = (changed - patches).abs().flatten(2).sum(2).gt(0).ToInt64Array();
        differs.Select((value, at) => (value, at)).Where(pair => pair.value == 1).Select(pair => pair.at).ShouldBe([4, 9, 26]);
        changed.select(0, 2).select(0, 8).ToArray().ShouldBe(patches.select(0, 0).select(0, 8).ToArray());
    }

    [Fact]
    public void Grey_patches_have_three_equal_channels_and_the_others_their_colours()
    {
        using var scope = NewDisposeScope();
        var options = new KaleidoBertOptions();
        var patches = Tensors.Normal([1, 16, 3, 2, 2]);
        var grey = KaleidoPatches.Grey(patches, Tensors.From([3L, 7], 1, 2), options);
        var levels = grey.select(1, 3).reshape(3, 4).ToArray();
        for (var pixel = 0; pixel < 4; pixel++)
        {
            var raw = Enumerable
                .Range(0, 3)
                .Select(c => (levels[(c * 4) + pixel] * options.PixelDeviation[c]) + options.PixelMean[c])
                .ToList();
            raw.Max().ShouldBe(raw.Min(), 1e-5);
        }

        grey.select(1, 4).ToArray().ShouldBe(patches.select(1, 4).ToArray());
    }
}
