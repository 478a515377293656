// A run folder with random weights and a table to use it on.
using Duet.Data;
using Duet.Models;
using Duet.Runs;
using Duet.Tests.Data;
using Duet.Tests.Vision;
using Duet.Text;
using Duet.Torch;
using Duet.Training;
using Duet.Vision;

namespace Duet.Tests.Inference;

/// <summary>A tiny CMA-CLIP, or another system, with three tasks (one of them multi-label), its run folder, pictures and tables.</summary>
internal sealed class SampleRun : IDisposable
{
    private readonly Tests.Data.TemporaryFolder _folder = new();

    public SampleRun(Func<CmaClipOptions, CmaClipOptions>? change = null, Func<DataConfiguration, DataConfiguration>? data = null)
        : this(CmaClip.Descriptor, change is null ? null : options => change((CmaClipOptions)options), data) { }

    public SampleRun(
        ModelDescriptor system,
        Func<ModelOptions, ModelOptions>? change = null,
        Func<DataConfiguration, DataConfiguration>? data = null
    )
    {
        var options = system.Preset("tiny") with { ImageSize = 16, ContextLength = 12 };
        Options = change?.Invoke(options) ?? options;
        Data = new DataConfiguration
        {
            Path = Table,
            ImageColumns = ["image"],
            TextColumns = ["text"],
            TaskColumns = ["category", "color"],
            MultiLabelColumns = ["tags"],
        };
        Data = data?.Invoke(Data) ?? Data;
        Write(system);
    }

    public static TaskSchema Schema { get; } =
        new([
            new TaskDefinition("category", "category", TaskKind.SingleLabel, ["bag", "shirt", "shoe"]),
            new TaskDefinition("color", "color", TaskKind.SingleLabel, ["black", "blue", "brown", "green", "red", "white", "yellow"]),
            new TaskDefinition("tags", "tags", TaskKind.MultiLabel, ["new", "sale", "summer"]),
        ]);

    public ModelOptions Options { get; }

    public DataConfiguration Data { get; }

    public RunFolder Run => new(_folder["run"]);

    public string Table => _folder["products.csv"];

    public string this[string name] => _folder[name];

    public string Write(string name, string content) => _folder.Write(name, content);

    public string Write(string name, byte[] content) => _folder.Write(name, content);

    /// <summary>A table of good rows: pictures, texts and labels that repeat.</summary>
    public string WriteTable(int rows = 10, string name = "products.csv")
    {
        for (var i = 0; i < 3; i++)
        {
            ImageEncoder.WriteJpeg(TestPictures.Draw(40 + i, 30, seed: i), _folder[$"{i}.jpg"]);
        }

        string[] categories = ["bag", "shirt", "shoe"];
        var lines = Enumerable
            .Range(0, rows)
            .Select(i => $"p{i},{i % 3}.jpg,a {categories[i % 3]} number {i},{categories[i % 3]},red,{(i % 2 == 0 ? "new|sale" : "")}");
        return _folder.Write(name, "sku,image,text,category,color,tags\n" + string.Join('\n', lines) + "\n");
    }

    public void Dispose() => _folder.Dispose();

    private void Write(ModelDescriptor system)
    {
        Directory.CreateDirectory(Run.Path);
        var tokenizer = BpeTrainer.Train(["a bag a shirt a shoe number"], new BpeTrainerOptions { VocabularySize = 530 });
        tokenizer.Save(Run.Path);
        Schema.Save(Run.LabelsFile);
        RunConfigurationFile.Save(
            new RunConfiguration
            {
                Model = system.Name,
                Preset = "tiny",
                Options = Options,
                Data = Data with { IdColumn = "sku" },
                Training = new TrainingOptions(),
            },
            Run.ConfigurationFile
        );
        TorchRuntime.Seed(7);
        using var model = system.Create(Options, ModelContext.From(Schema, tokenizer));
        StateFile.Save(Run.WeightsFile, model.NamedState());
    }
}
