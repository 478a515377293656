// The pipeline over real files: bad pictures by reason, and pixels that do not depend on the cache.
using Duet.Data;
using Duet.Tests.Vision;
using Duet.Text;
using Duet.Vision;

namespace Duet.Tests.Data;

public sealed class PicturePipelineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pixels_do_not_depend_on_the_cache(bool exact)
    {
        ImageEncoder.WriteJpeg(TestPictures.Draw(200, 150), _folder["a.jpg"]);
        ImageEncoder.WritePng(TestPictures.Draw(40, 90), _folder["b.png"]);
        var keeping = new PicturePipeline(Options() with { Exact = exact });
        var forgetting = new PicturePipeline(Options() with { Exact = exact, CacheBytes = 0 });
        foreach (var name in new[] { "a.jpg", "b.png", "a.jpg" })
        {
            keeping.Check(_folder[name]);
            var (prepared, again) = (new byte[3 * 32 * 32], new byte[3 * 32 * 32]);
            keeping.Prepare(_folder[name], prepared);
            forgetting.Prepare(_folder[name], again);
            again.AsSpan().SequenceEqual(prepared).ShouldBeTrue(name);
            keeping.Augment(_folder[name], 1, 2, 3, prepared);
            forgetting.Augment(_folder[name], 1, 2, 3, again);
            again.AsSpan().SequenceEqual(prepared).ShouldBeTrue(name);
        }

        // A crop of another epoch is another crop (for a picture of ordinary shape, where random crops fit).
        var views = Enumerable
            .Range(0, 8)
            .Select(epoch =>
            {
                var view = new byte[3 * 32 * 32];
                keeping.Augment(_folder["a.jpg"], 1, epoch, 3, view);
                return Convert.ToHexString(view);
            });
        views.Distinct().Count().ShouldBe(8);

        keeping.CachedBytes.ShouldBeGreaterThan(0);
        forgetting.CachedBytes.ShouldBe(0);
    }

    [Fact]
    public void Bad_pictures_are_quarantined_by_row_file_and_reason_and_the_job_goes_on()
    {
        var jpeg = ImageEncoder.Encode(TestPictures.Draw(64, 64), ImageFormat.Jpeg);
        _folder.Write("good.jpg", jpeg);
        _folder.Write("empty.jpg", []);
        _folder.Write("text.jpg", "this is no picture");
        _folder.Write("cut.jpg", jpeg[..(jpeg.Length / 3)]);
        _folder.Write("huge.png", ImageEncoder.Encode(TestPictures.Draw(300, 300), ImageFormat.Png));
        _folder.Write(
            "t.csv",
            "id,image,text\n1,good.jpg,\n2,empty.jpg,x\n3,text.jpg,x\n4,cut.jpg,x\n5,huge.png,x\n6,gone.jpg,x\n7,gone.jpg,\n8,../good.jpg,x\n"
        );
        var quarantine = new Quarantine();
        var products = ProductTable
            .Open(
                new TableOptions
                {
                    Path = _folder["t.csv"],
                    ImageColumns = ["image"],
                    TextColumns = ["text"],
                }
            )
            .Read(quarantine)
            .ToList();
        var tokenizer = BpeTrainer.Train(["x"], new BpeTrainerOptions { VocabularySize = BpeTrainerOptions.SmallestVocabulary });
        var encoder = new ProductEncoder(tokenizer, null, new EncodingOptions { ContextLength = 8 });
        var pipeline = new PicturePipeline(Options() with { Limits = new DecodeLimits { MaxPixels = 80_000 } });
        var dataset = ProductDataset.Create(products, encoder, pipeline, quarantine);
        dataset.Products.Select(product => product.Id).ShouldBe(["1", "2", "3", "4", "5", "6", "8"]);
        quarantine
            .Entries.Select(entry => (entry.Row, Path.GetFileName(entry.File), entry.Reason, entry.RowRefused))
            .ShouldBe([
                (1, "t.csv", QuarantineReason.EmptyText, false),
                (2, "empty.jpg", QuarantineReason.ImageBroken, false),
                (3, "text.jpg", QuarantineReason.ImageUnsupported, false),
                (4, "cut.jpg", QuarantineReason.ImageBroken, false),
                (5, "huge.png", QuarantineReason.ImageTooLarge, false),
                (6, "gone.jpg", QuarantineReason.ImageMissing, false),
                (7, "gone.jpg", QuarantineReason.ImageMissing, true),
                (7, "t.csv", QuarantineReason.EmptyText, false),
                (8, "good.jpg", QuarantineReason.ImagePathRefused, false),
            ]);
        using var batch = new ProductLoader(
            dataset,
            new LoaderOptions
            {
                BatchSize = 8,
                Augment = true,
                Shuffle = true,
            }
        ).Batches(0).Single();
        batch.ImagePresent.Count(present => present).ShouldBe(1);
    }

    [Fact]
    public void Too_small_a_base_is_refused() =>
        Should.Throw<TableException>(() => new PicturePipeline(Options() with { BaseSide = 20 })).Message.ShouldContain("BaseSide");

    private static PictureOptions Options() => new() { Preprocessing = ImagePreprocessing.Clip(32) };
}
