// Which score recognizes products that are unlike a catalog, and what a calibrated run accepts of them.
using System.Globalization;
using Duet.Data;
using Duet.Inference;
using Duet.Metrics.Calibration;
using Duet.Metrics.Novelty;

namespace Duet.Benchmarks;

/// <summary>
/// Compares published novelty scores on a run: references and limits from the rows of <c>val</c>, clean products from <c>test</c>, damaged
/// ones made of the same rows. Then it asks the calibrated run for decisions on all of them.
/// </summary>
internal static class NoveltyComparison
{
    private const int Spoilt = 400;
    private const double Outside = 0.01;

    public static int Run(BenchmarkOptions options)
    {
        using var model = DuetModel.Load(options.RunFolder, new ModelUseOptions { Threads = options.Threads });
        if (model.Calibration is null)
        {
            throw new InvalidOperationException($"{options.RunFolder} is not calibrated; run `duet calibrate` first.");
        }

        var (validation, test) = (Read(model, "val"), Read(model, "test"));
        SpoiltProducts spoilt = new([.. test.Where(product => product.HasImage && product.HasText).Take(Spoilt)]);
        var made = spoilt.All().ToList();
        Accepted(model, test, made);
        Scores(model, validation, test, [.. Read(model, "train").Where(product => product.HasText).Select(product => product.Text)], made);
        return 0;
    }

    private static List<Product> Read(DuetModel model, string split)
    {
        var source = new TableSource(model.Configuration.Data.Path);
        var table = source.Open(model.Configuration.Data, model.Schema.Columns, splits: true);
        return
        [
            .. SplitSelection.Select(
                table.Read(new Quarantine()),
                split,
                table.Options,
                model.Configuration,
                new Quarantine(),
                CancellationToken.None
            ),
        ];
    }

    private static void Accepted(DuetModel model, List<Product> test, List<(string Name, IReadOnlyList<ProductInput> Products)> made)
    {
        var tasks = model.Schema.Tasks.Select(task => task.Name).ToList();
        Console.WriteLine($"| products | unlike the catalogue | {string.Join(" | ", tasks.Select(task => $"{task} accepted"))} |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---|", tasks.Count + 1))}");
        foreach (var (name, products) in made.Prepend(("clean", [.. test.Select(product => Whole(product))])))
        {
            var answers = model.ClassifyMany(products);
            string Percent(int count) => (100.0 * count / answers.Count).ToString("0.0", CultureInfo.InvariantCulture) + " %";
            var accepted = tasks.Select(task => Percent(answers.Count(answer => answer[task].Accepted == true)));
            Console.WriteLine(
                $"| {name} | {Percent(answers.Count(answer => answer.Novelty!.IsOutside))} | {string.Join(" | ", accepted)} |"
            );
        }

        Console.WriteLine();
    }

    private static void Scores(
        DuetModel model,
        List<Product> validation,
        List<Product> test,
        List<string> training,
        List<(string Name, IReadOnlyList<ProductInput> Products)> made
    )
    {
        Console.WriteLine($"| products | inputs | {string.Join(" | ", NoveltyScores.Names)} |");
        Console.WriteLine($"|---|---|{string.Concat(Enumerable.Repeat("---|", NoveltyScores.Names.Count))}");
        foreach (var inputs in (InputPattern[])[new(true, true), new(true, false), new(false, true)])
        {
            ProductInput Kept(Product product) =>
                ProductInput.Of(inputs.Picture ? product.Images[0] : null, inputs.Text ? product.Text : null);
            bool Has(Product product) => (!inputs.Picture || product.HasImage) && (!inputs.Text || product.HasText);
            var scores = new NoveltyScores(model, [.. validation.Where(Has).Select(Kept)], training, Outside);
            var clean = scores.Of([.. test.Where(Has).Select(Kept)]);
            Line("clean: beyond the limit", clean, (own, _, limit) => Share(own.Count(score => score > limit), own.Length));
            foreach (
                var (name, products) in made.Where(kind =>
                    kind.Products[0].Pictures.Count > 0 == inputs.Picture && kind.Products[0].Texts.Count > 0 == inputs.Text
                )
            )
            {
                Line(
                    name + ": AUROC, beyond the limit",
                    scores.Of(products),
                    (own, usual, limit) =>
                        Area(usual, own).ToString("0.000", CultureInfo.InvariantCulture)
                        + ", "
                        + Share(own.Count(score => score > limit), own.Length)
                );
            }

            void Line(string name, IReadOnlyList<double[]> own, Func<double[], double[], double, string> tell)
            {
                string Cell(double[] values, int i) => values.Length == 0 ? "-" : tell(values, clean[i], scores.Limits[i]);
                Console.WriteLine($"| {name} | {inputs} | {string.Join(" | ", own.Select(Cell))} |");
            }
        }
    }

    private static ProductInput Whole(Product product) => ProductInput.Of(product.HasImage ? product.Images[0] : null, product.Text);

    private static string Share(int count, int of) => (100.0 * count / of).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    // The chance that a damaged product scores higher than a clean one; equal scores count half (Mann and Whitney 1947).
    private static double Area(double[] clean, double[] spoilt)
    {
        var sorted = clean.Order().ToArray();
        double sum = 0;
        foreach (var score in spoilt)
        {
            var below = sorted.Count(value => value < score);
            sum += below + (0.5 * sorted.Count(value => value == score));
        }

        return sum / ((double)clean.Length * spoilt.Length);
    }
}
