// Zero-shot classification against the formula by hand, and what it refuses.
using Duet.Data;
using Duet.Inference;
using Duet.Models;
using Duet.Runs;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Inference;

[Collection(RandomNumbersCollection.Name)]
public sealed class ZeroShotTests : IDisposable
{
    private static readonly ModelUseOptions One = new()
    {
        Threads = 1,
        BatchSize = 4,
        LoaderThreads = 1,
    };
    private static readonly string[] Labels = ["bag", "shirt", "shoe"];
    private static readonly string[] Templates = ["a photo of a {}.", "{} number"];
    private readonly SampleRun _run = new();
    private readonly DuetModel _model;

    public ZeroShotTests()
    {
        _run.WriteTable();
        _model = DuetModel.Load(_run.Run.Path, One);
    }

    public void Dispose()
    {
        _model.Dispose();
        _run.Dispose();
    }

    [Theory]
    [InlineData(InputModalities.Both)]
    [InlineData(InputModalities.Image)]
    [InlineData(InputModalities.Text)]
    public void Answers_are_those_of_the_formula(InputModalities inputs)
    {
        var classifier = new ZeroShotClassifier(
            _model,
            new ZeroShotOptions
            {
                Labels = Labels,
                Templates = Templates,
                Inputs = inputs,
            }
        );
        var classes = Labels
            .Select(label => Unit(Sum(Templates.Select(template => Unit(Text(template.Replace("{}", label, StringComparison.Ordinal)))))))
            .ToArray();
        classifier.ClassWeights.Count.ShouldBe(classes.Sum(weights => weights.Length));
        classifier.ClassWeights.Zip(classes.SelectMany(weights => weights)).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-5);

        var product = inputs switch
        {
            InputModalities.Image => Image("1.jpg"),
            InputModalities.Text => Text("a bag number 7"),
            _ => Sum([Image("1.jpg"), Text("a bag number 7")]),
        };
        var scale = 1 / 0.07;
        var logits = classes.Select(weights => scale * weights.Zip(Unit(product), (a, b) => a * b).Sum()).ToArray();
        var expected = logits.Select(logit => Math.Exp(logit) / logits.Sum(Math.Exp)).ToArray();
        var answer = classifier.Classify(ProductInput.Of(_run["1.jpg"], "a bag number 7"));
        answer.Probabilities.Zip(expected).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-4);
        answer.Label.ShouldBe(Labels[Array.IndexOf(expected, expected.Max())]);
    }

    [Fact]
    public void A_product_with_one_input_goes_by_it()
    {
        var both = new ZeroShotClassifier(_model, new ZeroShotOptions { Labels = Labels });
        var image = new ZeroShotClassifier(_model, new ZeroShotOptions { Labels = Labels, Inputs = InputModalities.Image });
        both.Classify(ProductInput.Of(_run["0.jpg"], null))
            .Probabilities.ShouldBe(image.Classify(ProductInput.Of(_run["0.jpg"], "a shoe")).Probabilities, 1e-6);
        Should.Throw<ProductInputException>(() => image.Classify(ProductInput.Of(null, "a shoe"))).Message.ShouldContain("picture");
    }

    [Fact]
    public void Tables_are_scored_and_written()
    {
        var classifier = new ZeroShotClassifier(_model, new ZeroShotOptions { Labels = Labels });
        var result = classifier.Evaluate(new TableSource(_run.Table), "category");
        var answers = Enumerable
            .Range(0, 10)
            .Select(i => classifier.Classify(ProductInput.Of(_run[$"{i % 3}.jpg"], $"a {Labels[i % 3]} number {i}")))
            .ToList();
        var right = Enumerable.Range(0, 10).Count(i => answers[i].Label == Labels[i % 3]);
        result.Report.Tasks["category"].Accuracy!.Value.ShouldBe(right / 10.0, 1e-9);
        new ZeroShotClassifier(_model, new ZeroShotOptions { Labels = ["bag", "shirt"] })
            .Evaluate(new TableSource(_run.Table), "category")
            .UnseenLabels.Values("category")
            .Keys.ShouldBe(["shoe"]);

        classifier.Predict(new TableSource(_run.Table), _run["zero.csv"]).Rows.ShouldBe(10);
        var lines = File.ReadAllLines(_run["zero.csv"]);
        lines[0].ShouldBe("sku,label,label_probability");
        lines[4].ShouldStartWith($"p3,{answers[3].Label},0.");

        _run.Write("texts.csv", "sku,image,text,category,color,tags\n1,,a bag,bag,,\n2,0.jpg,,shoe,,\n");
        var pictures = new ZeroShotClassifier(_model, new ZeroShotOptions { Labels = Labels, Inputs = InputModalities.Image });
        var report = pictures.Evaluate(new TableSource(_run["texts.csv"]), "category").Report;
        (report.N, report.Quarantined).ShouldBe((1, 2));
    }

    [Fact]
    public void Labels_come_from_lists_files_and_columns()
    {
        ZeroShotLabels.Parse(" bag, red shoe ,hat,").ShouldBe(["bag", "red shoe", "hat"]);
        ZeroShotLabels.Parse(_run.Write("labels.txt", "\uFEFFbag\r\n\nshoe, left\n")).ShouldBe(["bag", "shoe, left"]);
        Should.Throw<OptionException>(() => ZeroShotLabels.Parse(_run.Write("bad.txt", [0x62, 0xFF, 0x0A]))).Message.ShouldContain("UTF-8");
        ZeroShotLabels.FromColumn(_model, new TableSource(_run.Table), "category").ShouldBe(Labels);
        Should.Throw<TableException>(() => ZeroShotLabels.FromColumn(_model, new TableSource(_run.Table), "sort")).Column.ShouldBe("sort");
    }

    [Fact]
    public void What_cannot_work_is_refused()
    {
        string Refused(ZeroShotOptions options) => Should.Throw<OptionException>(() => new ZeroShotClassifier(_model, options)).Message;
        Refused(new ZeroShotOptions { Labels = ["bag"] }).ShouldContain("labels");
        Refused(new ZeroShotOptions { Labels = ["bag", "bag"] }).ShouldContain("twice");
        Refused(new ZeroShotOptions { Labels = ["bag", " "] }).ShouldContain("empty");
        Refused(new ZeroShotOptions { Labels = Labels, Templates = ["a photo."] }).ShouldContain("{}");
        Refused(new ZeroShotOptions { Labels = Labels, Templates = [] }).ShouldContain("templates");
        using var blind = new SampleRun(options => options with { Modalities = InputModalities.Text });
        using var text = DuetModel.Load(blind.Run.Path, One);
        Should
            .Throw<RunException>(() => new ZeroShotClassifier(text, new ZeroShotOptions { Labels = Labels }))
            .Message.ShouldContain("one of picture and text");
        new ZeroShotClassifier(
            _model,
            new ZeroShotOptions { Labels = Labels, Templates = [string.Join(' ', Enumerable.Repeat("shoe", 30)) + " {}"] }
        ).TruncatedSentences.ShouldBe(3);
    }

    private double[] Text(string text) => Embed(ProductInput.Of(null, text), (towers, batch) => towers.EmbedTexts(batch));

    private double[] Image(string name) => Embed(ProductInput.Of(_run[name], null), (towers, batch) => towers.EmbedImages(batch));

    private double[] Embed(ProductInput product, Func<IContrastiveModel, Batch, Tensor> tower)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var builder = new BatchBuilder(_model.Model.Options, CPU);
        var preparation = new ProductPreparation(_model.Model.Options, _model.Tokenizer);
        return
        [
            .. tower((IContrastiveModel)_model.Model, builder.Build(preparation.Batch([preparation.Prepare(product)])))
                .ToArray()
                .Select(value => (double)value),
        ];
    }

    private static double[] Unit(double[] vector) => [.. vector.Select(value => value / Math.Sqrt(vector.Sum(other => other * other)))];

    private static double[] Sum(IEnumerable<double[]> vectors) => vectors.Aggregate((sum, vector) => [.. sum.Zip(vector, (a, b) => a + b)]);
}
