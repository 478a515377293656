// Categorical features: learned, saved, encoded; what is empty or new is unknown.
using Duet.Data;

namespace Duet.Tests.Data.Features;

public sealed class FeatureSchemaTests
{
    [Fact]
    public void Values_are_learned_in_order_and_everything_else_is_unknown()
    {
        var schema = FeatureSchema.Learn(
            ["source", "country"],
            [Row("rules", "cz"), Row(null, "sk"), Row("admin", "cz"), Row("unknown", null)]
        );
        schema.Features[0].Values.ShouldBe(["unknown", "admin", "rules"]);
        schema.Features[1].Values.ShouldBe(["unknown", "cz", "sk"]);
        var unseen = new UnseenLabels();
        schema.Encode(["rules", "sk"], unseen).ShouldBe([2, 2]);
        schema.Encode([null, "unknown"], unseen).ShouldBe([0, 0]);
        schema.Encode([], unseen).ShouldBe([0, 0]);
        unseen.Total.ShouldBe(0);
        schema.Encode(["people", "cz"], unseen).ShouldBe([0, 1]);
        unseen.Values("source").Keys.ShouldBe(["people"]);
    }

    [Fact]
    public void A_product_in_hand_names_its_values()
    {
        var schema = FeatureSchema.Learn(["source", "country"], [Row("rules", "cz")]);
        schema.Arrange(new Dictionary<string, string> { ["country"] = " cz " }).ShouldBe([null, "cz"]);
        schema.Arrange(new Dictionary<string, string> { ["source"] = " " }).ShouldBe([null, null]);
        Should
            .Throw<TableException>(() => schema.Arrange(new Dictionary<string, string> { ["colour"] = "red" }))
            .Message.ShouldContain("source, country");
        Should
            .Throw<TableException>(() => FeatureSchema.None.Arrange(new Dictionary<string, string> { ["colour"] = "red" }))
            .Message.ShouldContain("no features");
    }

    [Fact]
    public void It_is_the_same_after_saving_and_damage_is_named()
    {
        using var folder = new TemporaryFolder();
        var schema = FeatureSchema.Learn(["source"], [Row("rules"), Row("ä \"b\"")]);
        schema.Save(folder["features.json"]);
        var loaded = FeatureSchema.Load(folder["features.json"]);
        loaded.Features[0].Column.ShouldBe("source");
        loaded.Features[0].Values.ShouldBe(schema.Features[0].Values);
        foreach (
            var (content, complaint) in ((string, string)[])
                [
                    ("{", "cannot be read"),
                    ("""{"version":1}""", "damaged"),
                    ("""{"version":9,"features":[]}""", "version 9"),
                    ("""{"version":1,"features":[{"column":"a","values":["x"]}]}""", "begin with 'unknown'"),
                    ("""{"version":1,"features":[{"column":"a","values":["unknown","x","x"]}]}""", "'x' twice"),
                    (
                        """{"version":1,"features":[{"column":"a","values":["unknown"]},{"column":"a","values":["unknown"]}]}""",
                        "given twice"
                    ),
                ]
        )
        {
            folder.Write("bad.json", content);
            Should.Throw<TableException>(() => FeatureSchema.Load(folder["bad.json"])).Message.ShouldContain(complaint);
        }

        Should.Throw<TableException>(() => FeatureSchema.Load(folder["gone.json"])).Message.ShouldContain("gone.json");
    }

    [Fact]
    public void A_column_that_is_no_category_is_refused()
    {
        Should
            .Throw<TableException>(() => FeatureSchema.Learn(["source"], [Row((string?)null)]))
            .Message.ShouldContain("no value in the training split");
        Should
            .Throw<TableException>(() => FeatureSchema.Learn(["id"], Enumerable.Range(0, 20_000).Select(i => Row($"{i}"))))
            .Message.ShouldContain("no category");
    }

    [Fact]
    public void A_table_gives_its_features_and_refuses_labels_among_them()
    {
        using var folder = new TemporaryFolder();
        folder.Write("t.csv", "id,title,source,label\n1,a shoe, rules ,x\n2,a hat,,y\n");
        var options = new TableOptions
        {
            Path = folder["t.csv"],
            TextColumns = ["title"],
            FeatureColumns = ["source"],
            Tasks = [TaskColumn.Single("label")],
        };
        var products = ProductTable.Open(options).Read(new Quarantine()).ToList();
        products
            .Select(product => product.Features)
            .ShouldBe([
                ["rules"],
                [null],
            ]);
        Should
            .Throw<TableException>(() => ProductTable.Open(options with { FeatureColumns = ["label"] }))
            .Message.ShouldContain("would see the answer");
        Should
            .Throw<TableException>(() => ProductTable.Open(options with { FeatureColumns = ["source", "source"] }))
            .Message.ShouldContain("given twice");
        Should.Throw<TableException>(() => ProductTable.Open(options with { FeatureColumns = ["origin"] })).Message.ShouldContain("origin");
    }

    [Fact]
    public void Batches_carry_ids_row_by_row()
    {
        var features = FeatureSchema.Learn(["source", "country"], [Row("rules", "cz"), Row("admin", "sk")]);
        var encoder = new ProductEncoder(
            LoaderCases.Tokenizer,
            null,
            new EncodingOptions { ContextLength = 6, LongText = Duet.Text.LongText.Chunk },
            features
        );
        Product[] products =
        [
            new(1, "1", [], "red", []) { Features = ["rules", "sk"] },
            new(2, "2", [], "abcdefghijkl", []) { Features = [null, "cz"] },
            new(3, "3", [], "red", []) { Features = ["robots", null] },
        ];
        using var batch = new ProductStream(encoder, new FakePictures(), new Quarantine(), new LoaderOptions { BatchSize = 4 })
            .Batches(products)
            .Single();
        batch.Features.ShouldBe([2, 2, 0, 1, 0, 0]);
        encoder.UnseenFeatures.Values("source").Keys.ShouldBe(["robots"]);

        // Further pieces of a long text keep their product's features.
        var rounds = new List<long[]>();
        TextChunks.Pool(
            batch,
            part =>
            {
                rounds.Add(part.Features);
                return new float[part.Count];
            },
            result => [result]
        );
        rounds.Count.ShouldBeGreaterThan(1);
        rounds[1].ShouldBe([0, 1]);
    }

    private static Product Row(params string?[] features) => new(1, "1", [], "text", []) { Features = features };
}
