// Products that no certificate should cover: noise, plain colours, random letters, foreign sentences, much smaller pictures.
using Duet.Data;
using Duet.Inference;
using Duet.Vision;

namespace Duet.Benchmarks;

/// <summary>Products of a table with damaged pictures, damaged texts, or both. Seeded: the same products each time.</summary>
internal sealed class SpoiltProducts(IReadOnlyList<Product> products)
{
    private const int Side = 224;
    private const int SmallWidth = 60;
    private const int SmallHeight = 80;

    // Sentences about other things and about clothes, in languages that no title of the catalogue has.
    private static readonly string[] Foreign =
    [
        "das rote Kleid ist sehr schön und passt gut zu den Schuhen",
        "heute scheint die Sonne und wir gehen in den Park",
        "eine Jacke mit langen Ärmeln aus Baumwolle",
        "la robe rouge est très belle et va bien avec les chaussures",
        "aujourd'hui le soleil brille et nous allons au parc",
        "une veste à manches longues en coton",
        "el vestido rojo es muy bonito y combina con los zapatos",
        "hoy brilla el sol y vamos al parque",
        "una chaqueta de manga larga de algodón",
        "punainen mekko on erittäin kaunis ja sopii kenkien kanssa",
        "tänään aurinko paistaa ja menemme puistoon",
        "kırmızı elbise çok güzel ve ayakkabılarla uyumlu",
        "красное платье очень красивое и подходит к туфлям",
        "сегодня светит солнце и мы идём в парк",
    ];

    private static readonly string[] English =
    [
        "the quarterly report shows that the committee will meet on Thursday",
        "rain has already damaged the potato harvest in the valley",
        "nobody knows when trains to the capital are going to run again",
        "new rules about river fishing should be adopted before winter",
    ];

    /// <summary>What the products stand for, with the products.</summary>
    public IEnumerable<(string Name, IReadOnlyList<ProductInput> Products)> All()
    {
        foreach (
            var (name, make) in (List<(string, Func<int, byte[]>)>)
                [("pixels of random colours", Noise), ("squares of random colours", Squares), ("one colour", Plain)]
        )
        {
            yield return (name + ", no text", [.. products.Select((_, i) => Of(make(i), null))]);
            yield return (name + ", beside its text", [.. products.Select((product, i) => Of(make(i), product.Text))]);
            yield return (name + ", random letters", [.. products.Select((_, i) => Of(make(i), Letters(i)))]);
        }

        foreach (
            var (name, make) in (List<(string, Func<int, string>)>)
                [("random letters", Letters), ("another language", i => Pick(Foreign, i)), ("English, no product", i => Pick(English, i))]
        )
        {
            yield return (name + ", no picture", [.. products.Select((_, i) => Of(null, make(i)))]);
            yield return (name + ", beside its picture", [.. products.Select((product, i) => ProductInput.Of(product.Images[0], make(i)))]);
        }

        yield return ("60 x 80 pixels, no text", [.. products.Select(product => Of(Small(product), null))]);
        yield return ("60 x 80 pixels, beside its text", [.. products.Select(product => Of(Small(product), product.Text))]);
    }

    private static ProductInput Of(byte[]? picture, string? text) =>
        new()
        {
            Pictures = picture is null ? [] : [ProductPicture.FromBytes(picture)],
            Texts = string.IsNullOrWhiteSpace(text) ? [] : [text],
        };

    private static byte[] Noise(int seed) => Squares(seed, 1);

    private static byte[] Squares(int seed) => Squares(seed, 8 << (seed % 3));

    private static byte[] Plain(int seed) => Squares(seed, Side);

    private static byte[] Squares(int seed, int size)
    {
        var across = (Side + size - 1) / size;
        var colors = new byte[3 * across * across];
        new Random(seed).NextBytes(colors);
        var pixels = new byte[3 * Side * Side];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i / 3 % Side / size, i / 3 / Side / size);
            pixels[i] = colors[(3 * ((y * across) + x)) + (i % 3)];
        }

        return ImageEncoder.Encode(new RgbImage(Side, Side, pixels), ImageFormat.Png);
    }

    private static byte[] Small(Product product) =>
        ImageEncoder.Encode(
            PillowResampler.Resize(new ImageDecoder().Decode(product.Images[0]), SmallWidth, SmallHeight, Interpolation.Bicubic),
            ImageFormat.Jpeg
        );

    private static string Letters(int seed)
    {
        var random = new Random(seed);
        return string.Join(
            ' ',
            Enumerable
                .Range(0, random.Next(2, 8))
                .Select(_ => string.Concat(Enumerable.Range(0, random.Next(3, 9)).Select(_ => (char)('a' + random.Next(26)))))
        );
    }

    private static string Pick(string[] sentences, int seed) => sentences[seed % sentences.Length];
}
