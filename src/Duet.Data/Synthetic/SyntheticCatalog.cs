// The built-in catalogue: drawn products of which it is known where the signal of every answer is.
using System.Globalization;
using CsvHelper;
using Duet.Vision;

namespace Duet.Data;

/// <summary>
/// Draws products (garments, shoes, bags, hats) with titles, for the demo and for tests of what a model depends on: for every product and
/// task it is known whether picture, title or both carry the answer, by which words and in which part of the picture.
/// </summary>
public static class SyntheticCatalog
{
    // Keeps the draws for attributes and for pixels apart.
    private const ulong AttributePurpose = 0x61_74_74_72;
    private const ulong PaintPurpose = 0x70_61_69_6E_74;
    private const int TitleAttempts = 100;

    private static readonly string[] Header = ["id", "image", "title", .. SyntheticVocabulary.Tasks, "split"];
    private static readonly string[] RelevanceHeader = ["id", "task", "relevance", "words", "left", "top", "width", "height"];

    /// <summary>The tasks: <c>category</c>, <c>color</c>, <c>pattern</c>, <c>material</c>, <c>gender</c>.</summary>
    public static IReadOnlyList<string> Tasks => SyntheticVocabulary.Tasks;

    /// <summary>How to read a written catalogue.</summary>
    /// <param name="table">The path of its <c>products.csv</c>.</param>
    public static TableOptions TableOptions(string table) =>
        new()
        {
            Path = table,
            ImageColumns = ["image"],
            TextColumns = ["title"],
            Tasks = [.. Tasks.Select(TaskColumn.Single)],
            SplitColumn = "split",
        };

    /// <summary>Makes the products up, without drawing them.</summary>
    /// <exception cref="TableException">An option is out of range.</exception>
    public static IReadOnlyList<SyntheticProduct> Create(SyntheticOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var splits = Splits(options);
        var titles = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. Enumerable.Range(1, options.Count).Select(row => MakeUp(row, splits[row - 1], options, titles))];
    }

    /// <summary>Draws a product's picture.</summary>
    public static RgbImage Render(SyntheticProduct product, SyntheticOptions options)
    {
        ArgumentNullException.ThrowIfNull(product);
        ArgumentNullException.ThrowIfNull(options);
        return SyntheticPainter.Draw(
            product.Scene,
            options.ImageSize,
            options.Noise,
            new CounterRandom(options.Seed ^ PaintPurpose, (ulong)product.Row)
        );
    }

    /// <summary>Writes <c>products.csv</c>, <c>relevance.csv</c> and <c>images/*.jpg</c> into a folder, which is created.</summary>
    /// <exception cref="TableException">An option is out of range.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static SyntheticFiles Write(string folder, SyntheticOptions options, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var products = Create(options);
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        Parallel.ForEach(
            products,
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
            product => ImageEncoder.WriteJpeg(Render(product, options), Path.Combine(folder, ImageName(product)), quality: 92)
        );

        // The table comes last: when it is there, the pictures are too.
        var files = new SyntheticFiles(Path.Combine(folder, "products.csv"), Path.Combine(folder, "relevance.csv"), products);
        WriteCsv(
            files.Relevance,
            RelevanceHeader,
            products.SelectMany(product => product.Relevance.Select(relevance => RelevanceRow(product, relevance)))
        );
        WriteCsv(
            files.Table,
            Header,
            products.Select(product =>
                (string[])
                    [
                        product.Id,
                        ImageName(product),
                        product.Title,
                        .. Tasks.Select(task => product.Labels[task] ?? string.Empty),
                        product.Split,
                    ]
            )
        );
        return files;
    }

    private static string ImageName(SyntheticProduct product) => $"images/{product.Id}.jpg";

    private static string[] RelevanceRow(SyntheticProduct product, TaskRelevance relevance)
    {
        int?[] box = relevance.Box is { } found ? [found.Left, found.Top, found.Width, found.Height] : [null, null, null, null];
        return
        [
            product.Id,
            relevance.Task,
            relevance.Modality switch
            {
                RelevantModality.Image => "image",
                RelevantModality.Text => "text",
                _ => "both",
            },
            string.Join(' ', relevance.Words),
            .. box.Select(number => number?.ToString(CultureInfo.InvariantCulture) ?? string.Empty),
        ];
    }

    private static void WriteCsv(string path, string[] header, IEnumerable<string[]> rows) =>
        AtomicFile.Write(
            path,
            stream =>
            {
                using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
                csv.WriteHeader(header);
                foreach (var row in rows)
                {
                    csv.WriteRecord(row);
                }
            }
        );

    private static string[] Splits(SyntheticOptions options)
    {
        var (validation, test) = ((int)(options.Count * options.Validation), (int)(options.Count * options.Test));
        string[] splits =
        [
            .. Enumerable.Repeat("val", validation),
            .. Enumerable.Repeat("test", test),
            .. Enumerable.Repeat("train", options.Count - validation - test),
        ];
        new CounterRandom(options.Seed).Shuffle<string>(splits);
        return splits;
    }

    private static SyntheticProduct MakeUp(int row, string split, SyntheticOptions options, HashSet<string> titles)
    {
        var random = new CounterRandom(options.Seed ^ AttributePurpose, (ulong)row);
        var truth = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var task in Tasks)
        {
            truth[task] = Pick([.. SyntheticVocabulary.Words[task].Keys], ref random);
        }

        var where = new Dictionary<string, RelevantModality>(StringComparer.Ordinal)
        {
            ["category"] = Where(options.CategoryOnlyInPicture, options.CategoryOnlyInTitle, ref random),
            ["color"] = Where(options.ColorOnlyInPicture, options.ColorOnlyInTitle, ref random),
            ["pattern"] = RelevantModality.Image,
            ["material"] = RelevantModality.Text,
            ["gender"] = RelevantModality.Text,
        };
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var task in Tasks.Where(task => where[task] != RelevantModality.Image))
        {
            words[task] = Pick(SyntheticVocabulary.Words[task][truth[task]], ref random);
        }

        var scene = Scene(truth, where, ref random);
        return new SyntheticProduct(scene)
        {
            Row = row,
            Id = row.ToString("D6", CultureInfo.InvariantCulture),
            Title = Title(words, titles, ref random),
            Truth = truth,
            Labels = Labels(truth, options, ref random),
            Relevance =
            [
                .. Tasks.Select(task => new TaskRelevance(
                    task,
                    where[task],
                    words.TryGetValue(task, out var word) ? [word] : [],
                    where[task] == RelevantModality.Text ? null : scene.Box(options.ImageSize)
                )),
            ],
            Split = split,
        };
    }

    private static RelevantModality Where(double onlyPicture, double onlyTitle, ref CounterRandom random)
    {
        var drawn = random.NextDouble();
        return drawn < onlyPicture ? RelevantModality.Image
            : drawn < onlyPicture + onlyTitle ? RelevantModality.Text
            : RelevantModality.Both;
    }

    private static SyntheticScene Scene(
        Dictionary<string, string> truth,
        Dictionary<string, RelevantModality> where,
        ref CounterRandom random
    )
    {
        var shape = where["category"] == RelevantModality.Text ? SyntheticShape.Parcel : SyntheticShape.OfCategory[truth["category"]];
        var color = where["color"] == RelevantModality.Text ? null : truth["color"];
        var scale = random.Next(0.28, 0.42);
        var room = 0.48 - scale;
        return new SyntheticScene(
            shape,
            color,
            truth["pattern"],
            0.5 + random.Next(-room, room),
            0.5 + random.Next(-room, room),
            scale,
            random.Next(-0.25, 0.25)
        );
    }

    /// <summary>A title no other product has, so that no title is in two splits.</summary>
    private static string Title(Dictionary<string, string> words, HashSet<string> titles, ref CounterRandom random)
    {
        for (var attempt = 0; attempt < TitleAttempts; attempt++)
        {
            var title = SyntheticTitles.Compose(words, ref random);
            if (titles.Add(title))
            {
                return title;
            }
        }

        throw new TableException("The built-in vocabulary has no unused title left; ask for fewer products (SyntheticOptions.Count).");
    }

    private static Dictionary<string, string?> Labels(Dictionary<string, string> truth, SyntheticOptions options, ref CounterRandom random)
    {
        var labels = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var task in Tasks)
        {
            var (missing, wrong) = (random.NextDouble() < options.MissingLabels, random.NextDouble() < options.WrongLabels);
            var other = Pick(
                [.. SyntheticVocabulary.Words[task].Keys.Where(label => !string.Equals(label, truth[task], StringComparison.Ordinal))],
                ref random
            );
            labels[task] =
                missing ? null
                : wrong ? other
                : truth[task];
        }

        return labels;
    }

    private static string Pick(string[] items, ref CounterRandom random) => items[random.Next(items.Length)];
}
