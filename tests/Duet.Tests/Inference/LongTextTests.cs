// Texts longer than the context: what is read of them, how pieces are pooled, and that it is told.
using Duet.Data;
using Duet.Inference;
using Duet.Tests.Data;
using Duet.Text;

namespace Duet.Tests.Inference;

[Collection(RandomNumbersCollection.Name)]
public sealed class LongTextTests
{
    private const string Long = "a shoe number 7 a bag number 3 a shirt number 9 a shoe number 1 a bag number 8";
    private static readonly ModelUseOptions One = new()
    {
        Threads = 1,
        BatchSize = 4,
        LoaderThreads = 1,
    };

    [Fact]
    public void A_text_in_pieces_gets_the_mean_over_its_pieces()
    {
        using var run = new SampleRun(options => options with { LongText = LongText.Chunk });
        run.WriteTable();
        using var model = DuetModel.Load(run.Run.Path, One);
        var pieces = model.Tokenizer.EncodeChunks(Long, 12);
        pieces.Count.ShouldBeGreaterThan(2);

        var preparation = new ProductPreparation(model.Inputs, model.Tokenizer);
        var whole = preparation.Prepare(ProductInput.Of(run["1.jpg"], Long));
        var expected = pieces
            .Select(piece =>
                model.Forward.Run(
                    preparation.Batch([whole with { TokenIds = piece.Ids[..piece.Length], FurtherTokens = [] }]),
                    embeddings: true
                )
            )
            .ToList();

        // A short text in the same batch keeps its own answer.
        var found = model.Forward.Run(
            preparation.Batch([preparation.Prepare(ProductInput.Of(run["0.jpg"], "a bag")), whole]),
            embeddings: true
        );
        var alone = model.Forward.Run(preparation.Batch([preparation.Prepare(ProductInput.Of(run["0.jpg"], "a bag"))]), embeddings: true);
        for (var task = 0; task < found.Probabilities.Length; task++)
        {
            var classes = model.Schema.Tasks[task].Classes.Count;
            Mean(expected.Select(one => one.Probabilities[task])).ShouldBe(found.Probabilities[task][classes..], 1e-5);
            alone.Probabilities[task].ShouldBe(found.Probabilities[task][..classes], 1e-5);
        }

        Mean(expected.Select(one => one.Joint!)).ShouldBe(found.Joint![(found.Joint!.Length / 2)..], 1e-5);
        model
            .Classify(run["1.jpg"], Long)["category"]
            .Probabilities.Select(probability => (float)probability)
            .ShouldBe(Mean(expected.Select(one => one.Probabilities[0])), 1e-5);
        model.Classify(run["1.jpg"], Long).TextTruncated.ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, "end was not read", 1)]
    [InlineData(LongText.HeadTail, "middle was not read", 1)]
    [InlineData(LongText.Chunk, "read in pieces", 0)]
    public void Tables_are_read_as_asked_and_long_texts_are_counted(LongText? choice, string told, int truncated)
    {
        using var run = new SampleRun(options => options with { ContextLength = 24 });
        run.WriteTable();
        File.AppendAllText(run.Table, $"p10,1.jpg,{Long},bag,red,new\n");
        using var model = DuetModel.Load(run.Run.Path, One with { LongText = choice });
        var result = new Evaluator(model).Evaluate(new TableSource(run.Table));
        (result.LongTexts.Long, result.LongTexts.Truncated, result.Report.TruncatedTexts).ShouldBe((1, truncated, truncated));
        result.LongTexts.Sentence!.ShouldContain(told);
        result.LongTexts.Sentence!.ShouldContain("24 tokens");

        var summary = new Predictor(model).Predict(new TableSource(run.Table), run["out.csv"]);
        summary.LongTexts.Long.ShouldBe(1);
        var row = File.ReadAllLines(run["out.csv"])[^1].Split(',');
        var answer = model.Classify(run["1.jpg"], Long)["category"];
        row[1].ShouldBe(answer.Label);
        double.Parse(row[2], System.Globalization.CultureInfo.InvariantCulture).ShouldBe(answer.Probability, 1e-4);
    }

    [Fact]
    public void The_choices_read_different_parts()
    {
        var tokenizer = BpeTrainer.Train([Long], new BpeTrainerOptions { VocabularySize = 530 });
        var ids = tokenizer.Tokenize(Long);
        EncodedProduct Encode(LongText choice) =>
            new ProductEncoder(tokenizer, null, new EncodingOptions { ContextLength = 12, LongText = choice }).Encode(
                new Product(1, "1", [], Long, [])
            );
        Encode(LongText.Head).TokenIds[1..^1].ShouldBe(ids[..10]);
        Encode(LongText.HeadTail).TokenIds[1..^1].ShouldBe([.. ids[..8], .. ids[^2..]]);
        var pieces = Encode(LongText.Chunk);
        int[] all = [.. pieces.TokenIds[1..^1], .. pieces.FurtherTokens.SelectMany(piece => piece[1..^1])];
        all.ShouldBe(ids);
    }

    [Fact]
    public void Training_sees_one_piece_per_epoch_and_validation_all()
    {
        var tokenizer = BpeTrainer.Train([Long], new BpeTrainerOptions { VocabularySize = 530 });
        var encoder = new ProductEncoder(tokenizer, null, new EncodingOptions { ContextLength = 12, LongText = LongText.Chunk });
        var dataset = ProductDataset.Create([new Product(1, "1", [], Long, [])], encoder, new FakePictures(), new Quarantine());
        long[] View(int epoch, bool augment)
        {
            using var batch = new ProductLoader(dataset, new LoaderOptions { BatchSize = 1, Augment = augment }).Batches(epoch).Single();
            batch.Products[0].FurtherTokens.Count.ShouldBe(augment ? 0 : tokenizer.EncodeChunks(Long, 12).Count - 1);
            return batch.TokenIds[..batch.TextLengths[0]];
        }

        var rows = tokenizer.EncodeChunks(Long, 12).Select(row => string.Join(' ', row.Ids[..row.Length])).ToList();
        var seen = Enumerable.Range(0, 40).Select(epoch => string.Join(' ', View(epoch, augment: true))).ToList();
        seen.Distinct().Order(StringComparer.Ordinal).ShouldBe(rows.Order(StringComparer.Ordinal));
        View(3, augment: true).ShouldBe(View(3, augment: true));
        string.Join(' ', View(0, augment: false)).ShouldBe(rows[0]);
        encoder.LongTexts.Sentence!.ShouldContain("in pieces");
    }

    private static float[] Mean(IEnumerable<float[]> arrays)
    {
        var all = arrays.ToList();
        return [.. Enumerable.Range(0, all[0].Length).Select(i => all.Average(array => array[i]))];
    }
}
