// The built-in catalogue: what is said about where the signal of an answer is must be true of titles and pixels.
using CsvHelper;
using Duet.Data;
using Duet.Vision;

namespace Duet.Tests.Data;

public sealed class SyntheticCatalogTests : IDisposable
{
    private static readonly SyntheticOptions Options = new()
    {
        Count = 600,
        ImageSize = 48,
        Seed = 3,
    };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_seed_decides_everything()
    {
        var (first, again) = (SyntheticCatalog.Create(Options), SyntheticCatalog.Create(Options));
        first.Select(product => (product.Title, product.Split)).ShouldBe(again.Select(product => (product.Title, product.Split)));
        SyntheticCatalog.Render(first[7], Options).Pixels.ShouldBe(SyntheticCatalog.Render(again[7], Options).Pixels);
        var other = Options with { Seed = 4 };
        SyntheticCatalog.Create(other).Select(product => product.Title).ShouldNotBe(first.Select(product => product.Title));
    }

    [Fact]
    public void No_word_names_two_labels_and_fillers_name_none()
    {
        var words = SyntheticVocabulary
            .Words.Values.SelectMany(labels => labels.Values)
            .SelectMany(words => words)
            .Concat(SyntheticVocabulary.Brands)
            .Concat(SyntheticVocabulary.Fillers)
            .Select(word => word.ToUpperInvariant())
            .ToList();
        words.Distinct(StringComparer.Ordinal).Count().ShouldBe(words.Count);
    }

    [Fact]
    public void Titles_tell_exactly_what_the_relevance_says()
    {
        foreach (var product in SyntheticCatalog.Create(Options))
        {
            var tokens = product.Title.ToLowerInvariant().Split(' ');
            foreach (var relevance in product.Relevance)
            {
                var lexicon = SyntheticVocabulary.Words[relevance.Task];
                var told = lexicon.Where(label => label.Value.Any(tokens.Contains)).Select(label => label.Key).ToList();
                if (relevance.Modality == RelevantModality.Image)
                {
                    told.ShouldBeEmpty();
                    relevance.Words.ShouldBeEmpty();
                }
                else
                {
                    told.ShouldBe([product.Truth[relevance.Task]]);
                    relevance.Words.ShouldNotBeEmpty();
                    relevance
                        .Words.All(word => tokens.Contains(word) && lexicon[product.Truth[relevance.Task]].Contains(word))
                        .ShouldBeTrue();
                }

                (relevance.Box is null).ShouldBe(relevance.Modality == RelevantModality.Text);
            }
        }
    }

    [Fact]
    public void Pictures_show_colour_only_where_the_relevance_says_so()
    {
        var (seen, right) = (0, 0);
        foreach (var product in SyntheticCatalog.Create(Options).Take(150))
        {
            var image = SyntheticCatalog.Render(product, Options);
            var relevance = product.Relevance.Single(one => one.Task == "color");
            if (relevance.Modality == RelevantModality.Text)
            {
                image.Pixels.Chunk(3).All(pixel => pixel[0] == pixel[1] && pixel[1] == pixel[2]).ShouldBeTrue();
            }
            else if (product.Truth["pattern"] == "solid")
            {
                seen++;
                right += NearestPaint(product, image) == product.Truth["color"] ? 1 : 0;
            }
        }

        seen.ShouldBeGreaterThan(10);
        ((double)right / seen).ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void Pictures_show_the_category_only_where_the_relevance_says_so()
    {
        foreach (var product in SyntheticCatalog.Create(Options))
        {
            var hidden = product.Relevance.Single(one => one.Task == "category").Modality == RelevantModality.Text;
            product.Scene.Shape.ShouldBeSameAs(hidden ? SyntheticShape.Parcel : SyntheticShape.OfCategory[product.Truth["category"]]);
        }
    }

    [Fact]
    public void Boxes_hold_the_object_tightly()
    {
        foreach (var product in SyntheticCatalog.Create(Options).Take(100))
        {
            var box = product.Scene.Box(Options.ImageSize);
            var pixels = ObjectPixels(product).ToList();
            pixels.ShouldNotBeEmpty();
            pixels.All(pixel => box.Contains(pixel.X, pixel.Y)).ShouldBeTrue();
            (pixels.Min(pixel => pixel.X) - box.Left).ShouldBeInRange(0, 3);
            (pixels.Min(pixel => pixel.Y) - box.Top).ShouldBeInRange(0, 3);
            (box.Left + box.Width - 1 - pixels.Max(pixel => pixel.X)).ShouldBeInRange(0, 3);
            (box.Top + box.Height - 1 - pixels.Max(pixel => pixel.Y)).ShouldBeInRange(0, 3);
        }
    }

    [Fact]
    public void Shares_follow_the_options()
    {
        var options = Options with
        {
            Count = 4000,
            CategoryOnlyInPicture = 0.5,
            CategoryOnlyInTitle = 0.1,
            ColorOnlyInPicture = 0,
            ColorOnlyInTitle = 1,
            MissingLabels = 0.2,
            WrongLabels = 0.1,
        };
        var products = SyntheticCatalog.Create(options);
        Share(products, "category", RelevantModality.Image).ShouldBe(0.5, 0.03);
        Share(products, "category", RelevantModality.Text).ShouldBe(0.1, 0.02);
        Share(products, "color", RelevantModality.Text).ShouldBe(1);
        Share(products, "pattern", RelevantModality.Image).ShouldBe(1);
        Share(products, "gender", RelevantModality.Text).ShouldBe(1);
        products.Average(product => product.Labels["gender"] is null ? 1.0 : 0).ShouldBe(0.2, 0.03);
        products
            .Where(product => product.Labels["gender"] is not null)
            .Average(product => product.Labels["gender"] != product.Truth["gender"] ? 1.0 : 0)
            .ShouldBe(0.1, 0.02);
        products.Count(product => product.Split == "test").ShouldBe(800);
    }

    [Fact]
    public void A_written_catalogue_reads_back_whole()
    {
        var options = Options with { Count = 200 };
        var files = SyntheticCatalog.Write(_folder.Path, options);
        var quarantine = new Quarantine();
        var table = ProductTable.Open(SyntheticCatalog.TableOptions(files.Table));
        var products = table.Read(quarantine).ToList();
        products.Select(product => product.Id).ShouldBe(files.Products.Select(product => product.Id));
        var splits = Splitter.Split(products, new SplitOptions { ByColumn = true }, quarantine);
        splits.Notes.ShouldBeEmpty();
        TaskSchema.Infer(table.Options.Tasks, splits.Train).Tasks.Select(task => task.Classes.Count).ShouldBe([8, 8, 4, 6, 3]);
        quarantine.Count.ShouldBe(0);
        var decoder = new ImageDecoder();
        products.ShouldAllBe(product => decoder.Decode(product.Images[0]).Width == 48);

        using var relevance = CsvReader.FromFile(files.Relevance);
        var rows = 0;
        while (relevance.Read())
        {
            rows++;
            relevance.GetString("relevance").ShouldBeOneOf("image", "text", "both");
            (relevance.GetString("width").Length == 0).ShouldBe(relevance.GetString("relevance") == "text");
        }

        rows.ShouldBe(1000);
    }

    [Theory]
    [InlineData(5, 96, 0.3)]
    [InlineData(100, 16, 0.3)]
    [InlineData(100, 96, 0.9)]
    [InlineData(100, 96, double.NaN)]
    public void Wrong_options_are_refused(int count, int size, double share) =>
        Should
            .Throw<TableException>(() =>
                SyntheticCatalog.Create(
                    new SyntheticOptions
                    {
                        Count = count,
                        ImageSize = size,
                        ColorOnlyInTitle = share,
                    }
                )
            )
            .Message.ShouldContain("must be between");

    private static double Share(IReadOnlyList<SyntheticProduct> products, string task, RelevantModality modality) =>
        products.Average(product => product.Relevance.Single(one => one.Task == task).Modality == modality ? 1.0 : 0);

    private static IEnumerable<(int X, int Y)> ObjectPixels(SyntheticProduct product) =>
        from y in Enumerable.Range(0, Options.ImageSize)
        from x in Enumerable.Range(0, Options.ImageSize)
        let point = product.Scene.ToShape((x + 0.5) / Options.ImageSize, (y + 0.5) / Options.ImageSize)
        where product.Scene.Shape.Contains(point.U, point.V)
        select (x, y);

    private static string NearestPaint(SyntheticProduct product, RgbImage image)
    {
        var pixels = ObjectPixels(product)
            .Select(pixel => image.Pixels.AsSpan(((pixel.Y * image.Width) + pixel.X) * 3, 3).ToArray())
            .ToList();
        var mean = Enumerable.Range(0, 3).Select(channel => pixels.Average(pixel => pixel[channel])).ToArray();
        return SyntheticVocabulary
            .Paints.MinBy(paint =>
                Math.Pow(paint.Value.R - mean[0], 2) + Math.Pow(paint.Value.G - mean[1], 2) + Math.Pow(paint.Value.B - mean[2], 2)
            )
            .Key;
    }
}
