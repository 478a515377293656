// The real catalogue beside the repository: read, split, inferred and batched as its description says.
using Duet.Data;
using Duet.Tests.Fixtures;
using Duet.Text;
using Duet.Vision;

namespace Duet.Tests.Data;

public sealed class FashionCatalogueTests
{
    private static readonly string[] Tasks = ["category", "color", "pattern", "gender", "usage"];

    [SkippableFact]
    public void The_catalogue_reads_splits_and_batches_without_loss()
    {
        var root = FixtureFolders.Fashion;
        FixtureFolders.SkipOrFail(root is null, "the catalogue ../shared/data/fashion is absent");
        var quarantine = new Quarantine();
        var path = Path.Combine(root!, "products.csv");
        var table = ProductTable.Open(
            new TableOptions
            {
                Path = path,
                ImageColumns = ["image"],
                TextColumns = ["text"],
                Tasks = [.. Tasks.Select(TaskColumn.Single)],
                SplitColumn = "split",
            }
        );
        var products = table.Read(quarantine).ToList();
        var splits = Splitter.Split(products, new SplitOptions { ByColumn = true }, quarantine);
        quarantine.Count.ShouldBe(0);
        splits.Train.ShouldNotBeEmpty();
        splits.Validation.ShouldNotBeEmpty();
        splits.Test.ShouldNotBeEmpty();
        (splits.Train.Count + splits.Validation.Count + splits.Test.Count).ShouldBe(products.Count);

        var schema = TaskSchema.Infer(table.Options.Tasks, splits.Train);
        schema.Tasks.Select(task => task.Name).ShouldBe(Tasks);
        schema.Tasks.ShouldAllBe(task => task.Classes.Count >= 2);

        var tokenizer = BpeTrainer.Train(
            splits.Train.Take(300).Select(product => product.Text),
            new BpeTrainerOptions { VocabularySize = 800 }
        );
        var encoder = new ProductEncoder(tokenizer, schema, new EncodingOptions { ContextLength = 32 });
        var pipeline = new PicturePipeline(new PictureOptions { Preprocessing = ImagePreprocessing.Clip(64) });
        var dataset = ProductDataset.Create([.. splits.Test.Take(96)], encoder, pipeline, quarantine);
        dataset.Count.ShouldBe(96);
        var loader = new ProductLoader(dataset, new LoaderOptions { BatchSize = 32 });
        foreach (var batch in loader.Batches(0))
        {
            batch.ImagePresent.ShouldAllBe(present => present);
            batch.Pixels.Distinct().Count().ShouldBeGreaterThan(50);
            batch.Labels.Count.ShouldBe(Tasks.Length);
            batch.Dispose();
        }

        // Split by title upstream, so dividing by fractions must find the same titles together too.
        var again = Splitter.Split(products, new SplitOptions { GroupByImage = false }, quarantine);
        again
            .Train.Select(product => ProductGroups.Normalize(product.Text))
            .ToHashSet()
            .Overlaps(again.Test.Select(product => ProductGroups.Normalize(product.Text)).Where(text => text.Length > 0))
            .ShouldBeFalse();
    }
}
