// Makes a run folder of published weights.
using Duet.Data;
using Duet.Models;
using Duet.Models.Pretrained;
using Duet.Text;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Runs;

/// <summary>
/// Turns a source into a run folder without training: configuration, weights, tokenizer. Such a run has no tasks; what it can do is embed,
/// and with CLIP classify by words alone (zero-shot). It can also be the source of later training.
/// </summary>
public static class PretrainedImport
{
    private const string Preset = "imported";

    // The system that is nothing but the towers.
    private static readonly (TowerKind Tower, string Model)[] Plain =
    [
        (TowerKind.ClipImage, "clip"),
        (TowerKind.SigLipImage, "siglip"),
        (TowerKind.CoCaImage, "coca"),
        (TowerKind.Vit, "vit"),
        (TowerKind.Bert, "bert"),
        (TowerKind.ResNet, "resnet"),
    ];

    /// <summary>Imports a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="output">The run folder, not there yet or empty.</param>
    /// <param name="tokenizerPath">A tokenizer's file or folder; null for the one beside the weights.</param>
    /// <param name="mode">Exact or fast preparation of pictures; exact by default, as the weights learned with.</param>
    /// <returns>What became of the source's tensors, and the system that was chosen.</returns>
    /// <exception cref="PretrainedException">The source cannot be used, has no tokenizer, or <paramref name="output"/> holds something
    /// already.</exception>
    /// <exception cref="Duet.Torch.Safetensors.SafetensorsException">The weights, or one of their shards, are damaged.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static (PretrainedReport Report, string Model) Run(
        PretrainedSource source,
        string output,
        string? tokenizerPath = null,
        PreprocessingMode? mode = null
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(output);
        if (Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any())
        {
            throw new PretrainedException($"{output} is not empty; name another --output.");
        }

        var descriptor = ModelRegistry.Find(
            Array.Find(Plain, plain => source.Towers.Kinds.Contains(plain.Tower)).Model
                ?? throw new PretrainedException(
                    $"{source.Name} holds {string.Join(", ", source.Towers.Kinds.Select(kind => Tower.Of(kind).Title))}, and no "
                        + $"system consists of that alone, so it cannot be imported. Train a system that takes it with --pretrained. "
                        + $"{ModelRegistry.TowerListing}"
                )
        );
        var tokenizer = TokenizerOf(source, tokenizerPath);
        var options = (ModelOptions)Activator.CreateInstance(descriptor.OptionsType)!;
        options = PretrainedLoader.Configure(descriptor.Name, options, source) with { Tokenizer = tokenizer.Kind };
        options = options with
        {
            Preprocessing = options.Preprocessing with { Mode = mode ?? options.Preprocessing.Mode },
            Modalities = ModalitiesOf(source.Towers),
        };
        var configuration = new RunConfiguration
        {
            Model = descriptor.Name,
            Preset = Preset,
            Options = options,
            Data = new DataConfiguration(),
            Training = new() { Pretrained = source.Name },
        };
        configuration.Validate();
        using var model = descriptor.Create(options, ModelContext.From(TaskSchema.None, tokenizer));
        var report = PretrainedLoader.Initialize(model, source);
        Save(configuration, model, tokenizer, report, new RunFolder(output));
        return (report, descriptor.Name);
    }

    private static ITokenizer TokenizerOf(PretrainedSource source, string? path)
    {
        if (path is not null)
        {
            return source.LoadTokenizer(path);
        }

        // A picture tower never looks at a text, but every run folder has a tokenizer: the bytes themselves.
        return source.Towers.Tokenizer is null
            ? BpeTrainer.Train([], new BpeTrainerOptions { VocabularySize = BpeTrainerOptions.SmallestVocabulary })
            : source.LoadTokenizer()
                ?? throw new PretrainedException(
                    $"{source.Folder} holds a text tower and no tokenizer; put the tokenizer it was trained with there, or name it "
                        + $"with --tokenizer."
                );
    }

    // A single tower sees its own modality only.
    private static InputModalities ModalitiesOf(PretrainedTowers towers) =>
        towers.Kinds[0] switch
        {
            TowerKind.Bert => InputModalities.Text,
            TowerKind.Vit or TowerKind.VitPooler or TowerKind.ResNet => InputModalities.Image,
            _ => InputModalities.Both,
        };

    // The configuration comes last: a folder with it is a whole run.
    private static void Save(
        RunConfiguration configuration,
        ProductModel model,
        ITokenizer tokenizer,
        PretrainedReport report,
        RunFolder folder
    )
    {
        Directory.CreateDirectory(folder.Path);
        tokenizer.Save(folder.Path);
        using (NewDisposeScope())
        {
            StateFile.Save(folder.WeightsFile, model.NamedState());
        }

        ImportRecord.Of(report).Save(folder.ImportFile);
        RunConfigurationFile.Save(configuration, folder.ConfigurationFile);
    }
}
