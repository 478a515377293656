// A run's table on its way to batches: read, judged, divided, loaded.
using Duet.Data;
using Duet.Inference;
using Duet.Models;
using Duet.Runs;
using Duet.Vision;

namespace Duet.Training;

/// <summary>Reads the table of a run and makes its batches. Nothing is written, so a table of which too much is lost leaves no run
/// behind.</summary>
internal sealed class TrainingData
{
    private readonly RunConfiguration _configuration;
    private readonly RunFolder _folder;
    private readonly bool _resumed;
    private readonly ITrainingProgress _progress;
    private readonly CancellationToken _cancellation;

    /// <summary>Opens the table.</summary>
    /// <param name="configuration">Which table, and how it is read.</param>
    /// <param name="folder">The run folder.</param>
    /// <param name="resumed">Whether the run continues.</param>
    /// <param name="progress">Receives what was found.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="TableException">The table cannot be opened, or lacks a column.</exception>
    public TrainingData(
        RunConfiguration configuration,
        RunFolder folder,
        bool resumed,
        ITrainingProgress progress,
        CancellationToken cancellation
    )
    {
        (_configuration, _folder, _resumed, _progress, _cancellation) = (configuration, folder, resumed, progress, cancellation);
        Table = ProductTable.Open(configuration.Data.ToTable() with { Note = progress.Note });
        Limit = FindLimit();
    }

    /// <summary>The table.</summary>
    public ProductTable Table { get; }

    /// <summary>What was set aside.</summary>
    public Quarantine Quarantine { get; } = new();

    /// <summary>What may be lost. A resumed run may lose what it lost when it began; one that began before that was recorded continues as
    /// it is.</summary>
    public LossLimit Limit { get; }

    /// <summary>What was lost. A model of texts misses no picture.</summary>
    public Losses Losses =>
        _configuration.Options.Modalities == InputModalities.Text ? Quarantine.Losses with { Pictures = default } : Quarantine.Losses;

    /// <summary>Reads and divides the table.</summary>
    /// <exception cref="TableException">Too much is lost, a column holds no labels, or there is nothing to train on.</exception>
    public ProductSplits Read() => Listing(ReadTable);

    /// <summary>Looks at every picture and makes the batches; no validation batches where nothing validates.</summary>
    /// <exception cref="TableException">Too much is lost, or no product can be used.</exception>
    public (ProductLoader Train, ProductLoader? Validation) Load(ProductSplits splits, ProductEncoder encoder) =>
        Listing(() => Loaders(splits, encoder));

    private void Check() => Limit.Check(Quarantine, Losses, _configuration.Data.Path);

    private void CheckRows() => Limit.CheckRows(Quarantine, _configuration.Data.Path);

    // A new run whose table cannot be used leaves no folder, so the list lies beside where it would be.
    private string ListOfLosses =>
        _resumed ? _folder.QuarantineFile : Path.TrimEndingDirectorySeparator(_folder.Path) + OutputFile.QuarantineExtension;

    private LossLimit FindLimit()
    {
        var began = _resumed && CheckpointStore.IsIn(_folder.CheckpointFolder);
        return began && !File.Exists(_folder.LossesFile)
            ? LossLimit.Off
            : new LossLimit
            {
                MaxLost = _configuration.Data.MaxLost,
                Training = began ? Losses.Load(_folder.LossesFile) : Losses.None,
                List = ListOfLosses,
            };
    }

    // Where too much is lost, the list says what: beside the folder, which is not there yet.
    private T Listing<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (TooMuchLostException)
        {
            Quarantine.Write(ListOfLosses);
            throw;
        }
    }

    private ProductSplits ReadTable()
    {
        var products = Table.Read(Quarantine).ToList();
        CheckRows();
        if (products.Count == 0)
        {
            Quarantine.Write(ListOfLosses);
            throw new TableException(
                $"{_configuration.Data.Path} has no product to train on; each row was set aside: {Quarantine.Describe()}. All are "
                    + $"listed in {ListOfLosses}."
            );
        }

        CheckLabels(products);
        var splits = Splitter.Split(products, _configuration.Data.ToSplit(_configuration.Training.Seed), Quarantine, _cancellation);
        CheckRows();
        foreach (var note in splits.Notes)
        {
            _progress.Note(note);
        }

        return splits;
    }

    // A run that continues began with these columns, so this is reported and does not stop it.
    private void CheckLabels(IReadOnlyCollection<Product> products)
    {
        var data = _configuration.Data;
        foreach (var merged in LabelColumns.Merged(data.Tasks(), products))
        {
            _progress.Note(merged);
        }

        if (data.AllowManyClasses || (_resumed && File.Exists(_folder.LabelsFile)))
        {
            return;
        }

        foreach (var finding in LabelColumns.Look(data.Tasks(), products))
        {
            if (finding.IsRefused)
            {
                throw new TableException($"{data.Path}: {finding.Text}") { File = data.Path, Column = finding.Task.Column };
            }

            _progress.Note(finding.Text);
        }
    }

    private (ProductLoader Train, ProductLoader? Validation) Loaders(ProductSplits splits, ProductEncoder encoder)
    {
        var options = _configuration.Training;
        var pictures = new PicturePipeline(
            ModelInputs.Pictures(_configuration.Options, options.PictureCacheBytes) with
            {
                Augmentation = Augmentation(options),
                Limits = new DecodeLimits { Placeholders = _configuration.Data.Placeholders },
            }
        );
        var total = splits.Train.Count + splits.Validation.Count;
        var train = Usable(
            ProductDataset.Create(
                splits.Train,
                encoder,
                pictures,
                Quarantine,
                options.Threads,
                new Scan(_progress, 0, total),
                Check,
                _cancellation
            )
        );
        var loading = new LoaderOptions
        {
            BatchSize = options.BatchSize,
            Workers = options.LoaderThreads,
            Seed = options.Seed,
        };
        if (train.Count == 0)
        {
            Check();
            Quarantine.Write(ListOfLosses);
            throw new TableException(
                $"{_configuration.Data.Path}: no product of the training split can be used; {Quarantine.Count} entries are in "
                    + $"{ListOfLosses}."
            );
        }

        var training = new ProductLoader(
            train,
            loading with
            {
                Shuffle = true,
                Augment = true,
                TokenDropout = options.TokenDropout,
                TokenSplit = options.TokenSplit,
            }
        );
        if (splits.Validation.Count == 0)
        {
            Check();
            return (training, null);
        }

        var validation = Usable(
            ProductDataset.Create(
                splits.Validation,
                encoder,
                pictures,
                Quarantine,
                options.Threads,
                new Scan(_progress, splits.Train.Count, total),
                Check,
                _cancellation
            )
        );
        Check();
        return (training, new ProductLoader(validation, loading with { BatchSize = Math.Max(options.BatchSize, 128) }));
    }

    // A model that looks at one modality alone has nothing to say of a product without it.
    private ProductDataset Usable(ProductDataset products) =>
        _configuration.Options.Modalities switch
        {
            InputModalities.Image => products.Where(product => product.HasImage, "The model uses only pictures, and there are none."),
            InputModalities.Text => products.Where(product => product.HasText, "The model uses only texts, and there are none."),
            _ => products,
        };

    private static Augmentation Augmentation(TrainingOptions options) =>
        new()
        {
            CropScale = new Interval(options.CropScale, 1),
            FlipProbability = options.FlipProbability,
            Brightness = options.ColorJitter,
            Contrast = options.ColorJitter,
            Saturation = options.ColorJitter,
            ErasingProbability = options.ErasingProbability,
            NoiseProbability = options.NoiseProbability,
        };

    private sealed class Scan(ITrainingProgress progress, int before, int total) : IProgress<int>
    {
        public void Report(int value) => progress.Scanned(before + value, total);
    }
}
