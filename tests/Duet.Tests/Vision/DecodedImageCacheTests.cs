// The cache: decodes once, keeps to its budget, counts, and forgets failures.
using Duet.Vision;

namespace Duet.Tests.Vision;

public sealed class DecodedImageCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_picture_is_decoded_once_and_kept_small()
    {
        var path = _folder.File("a.png");
        ImageEncoder.WritePng(TestPictures.Draw(300, 200), path);
        var cache = new DecodedImageCache(new ImageDecoder(new DecodeOptions { MinimumSide = 80 }), shorterSide: 80);
        var first = cache.Get(path);
        (first.Width, first.Height).ShouldBe((120, 80));
        cache.Get(path).ShouldBeSameAs(first);
        (cache.Misses, cache.Hits, cache.Bytes).ShouldBe((1, 1, 120 * 80 * 3));
    }

    [Fact]
    public void Threads_that_ask_together_share_one_decoding()
    {
        var decodings = 0;
        var cache = new DecodedImageCache(new ImageDecoder());
        using var start = new Barrier(8);
        var threads = Enumerable
            .Range(0, 8)
            .Select(_ => new Thread(() =>
            {
                start.SignalAndWait();
                cache.Get(
                    "p",
                    _ =>
                    {
                        Interlocked.Increment(ref decodings);
                        Thread.Sleep(20);
                        return TestPictures.Plain(2, 2, 1, 2, 3);
                    }
                );
            }))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        decodings.ShouldBe(1);
        (cache.Hits + cache.Misses, cache.Misses).ShouldBe((8, 1));
    }

    [Fact]
    public void Over_budget_pictures_are_decoded_again_and_kept_ones_stay()
    {
        var cache = new DecodedImageCache(new ImageDecoder(), budgetBytes: 30);
        var decodings = 0;
        RgbImage Decode(string name)
        {
            decodings++;
            return TestPictures.Plain(3, 3, 0, 0, 0);
        }

        for (var epoch = 0; epoch < 3; epoch++)
        {
            cache.Get("first", Decode);
            cache.Get("second", Decode);
        }

        decodings.ShouldBe(4);
        (cache.Hits, cache.Misses, cache.Bytes).ShouldBe((2, 4, 27));
    }

    [Fact]
    public void A_failure_is_raised_each_time_and_mended_when_the_file_is()
    {
        var path = _folder.Write("a.png", []);
        var cache = new DecodedImageCache(new ImageDecoder());
        Should.Throw<ImageDecodeException>(() => cache.Get(path)).Reason.ShouldBe(ImageDecodeReason.Empty);
        Should.Throw<ImageDecodeException>(() => cache.Get(path));
        ImageEncoder.WritePng(TestPictures.Draw(5, 5), path);
        cache.Get(path).Width.ShouldBe(5);
        cache.Bytes.ShouldBe(75);
    }

    [Fact]
    public void A_decoder_that_shrinks_too_much_is_refused() =>
        Should.Throw<ArgumentException>(() => new DecodedImageCache(new ImageDecoder(new DecodeOptions { MinimumSide = 40 }), 80));
}
