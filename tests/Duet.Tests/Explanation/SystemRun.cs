// A run folder with random weights of any registered system.
using Duet.Data;
using Duet.Models;
using Duet.Runs;
using Duet.Tests.Vision;
using Duet.Text;
using Duet.Torch;
using Duet.Training;
using Duet.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Explanation;

/// <summary>The tiny preset of a system, its run folder and a picture.</summary>
internal sealed class SystemRun : IDisposable
{
    private readonly Tests.Data.TemporaryFolder _folder = new();

    public SystemRun(string system, Func<ModelOptions, ModelOptions>? change = null)
    {
        var descriptor = ModelRegistry.Find(system);
        var options = descriptor.Preset("tiny");
        options = change?.Invoke(options) ?? options;
        var schema = new TaskSchema([
            new TaskDefinition("category", "category", TaskKind.SingleLabel, ["bag", "shirt", "shoe"]),
            new TaskDefinition("tags/new", "tags", TaskKind.MultiLabel, ["new", "sale"]),
        ]);
        var run = new RunFolder(_folder["run"]);
        Directory.CreateDirectory(run.Path);
        string[] texts = ["a red shoe of leather", "a blue shirt of cotton", "a green bag number"];
        ITokenizer tokenizer = string.Equals(options.Tokenizer, WordPiece.KindName, StringComparison.Ordinal)
            ? WordPieceTrainer.Train(texts, new WordPieceTrainerOptions { VocabularySize = 200 })
            : BpeTrainer.Train(texts, new BpeTrainerOptions { VocabularySize = 540 });
        tokenizer.Save(run.Path);
        schema.Save(run.LabelsFile);
        var data = new DataConfiguration
        {
            Path = "products.csv",
            ImageColumns = ["image"],
            TextColumns = ["text"],
            TaskColumns = ["category"],
            MultiLabelColumns = ["tags"],
        };
        RunConfigurationFile.Save(
            new RunConfiguration
            {
                Model = system,
                Preset = "tiny",
                Options = options,
                Data = data,
                Training = new TrainingOptions(),
            },
            run.ConfigurationFile
        );
        TorchRuntime.Seed(11);
        using var model = descriptor.Create(options, ModelContext.From(schema, tokenizer));
        Enlarge(model);
        StateFile.Save(run.WeightsFile, model.NamedState());
        ImageEncoder.WritePng(TestPictures.Draw(60, 60, seed: 3), Picture);
        Run = run.Path;
    }

    public string Run { get; }

    public string Picture => _folder["picture.png"];

    public void Dispose() => _folder.Dispose();

    // Starting weights give nearly the same answer to everything; larger heads make differences that can be measured.
    private static void Enlarge(ProductModel model)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        foreach (var (name, parameter) in model.NamedParameters())
        {
            if (name.StartsWith("heads.", StringComparison.Ordinal) && parameter.dim() > 1)
            {
                parameter.mul_(5);
            }
        }
    }
}
