// Products and encoders for tests of loaders and streams.
using Duet.Data;
using Duet.Text;

namespace Duet.Tests.Data;

internal static class LoaderCases
{
    public static readonly ITokenizer Tokenizer = BpeTrainer.Train(
        ["red shoe", "blue bag", "green hat"],
        new BpeTrainerOptions { VocabularySize = 520 }
    );
    public static readonly TaskSchema Schema = new([
        new TaskDefinition("color", "color", TaskKind.SingleLabel, ["blue", "red"]),
        new TaskDefinition("tags", "tags", TaskKind.MultiLabel, ["a", "b", "c"]),
    ]);

    public static Product[] Products(int count) =>
        [
            .. Enumerable
                .Range(1, count)
                .Select(row => new Product(
                    row,
                    $"{row}",
                    row % 3 == 0 ? []
                        : row % 3 == 1 ? [$"/x/{row}"]
                        : [$"/x/{row}a", $"/x/{row}b"],
                    $"red {row}",
                    [row % 2 == 0 ? "red" : "blue", "a"]
                )),
        ];

    public static ProductEncoder Encoder(TaskSchema? schema) => new(Tokenizer, schema, new EncodingOptions { ContextLength = 12 });

    public static ProductDataset Dataset(Product[] products) =>
        ProductDataset.Create(products, Encoder(Schema), new FakePictures(), new Quarantine());
}
