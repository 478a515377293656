// A trained model, ready to be asked: the way into Duet from C#.
using Duet.Data;
using Duet.Inference;
using Duet.Metrics.Calibration;
using Duet.Models;
using Duet.Runs;
using Duet.Text;
using Duet.Torch;
using Duet.Torch.Modules;
using Duet.Torch.Safetensors;
using Duet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet;

/// <summary>A trained model from a run folder. Safe to use from many threads; as many forward passes run side by side as there
/// are cores for with <see cref="ModelUseOptions.Threads"/> threads each.</summary>
/// <example><code>
/// using var model = DuetModel.Load("RUN");
/// var answer = model.Classify("shoe.jpg", "ADIDAS Women Spring");
/// Console.WriteLine(answer["category"].Label);
/// </code></example>
public sealed class DuetModel : IDisposable
{
    private readonly ProductPreparation _preparation;
    private readonly InputReader _inputs;
    private readonly BatchBuilder _builder;
    private readonly ComputeTurns _turns;

    private DuetModel(
        RunFolder folder,
        RunConfiguration configuration,
        TaskSchema schema,
        FeatureSchema features,
        ITokenizer tokenizer,
        ProductModel model,
        ModelUseOptions options,
        Device device,
        RunCalibration? calibration
    )
    {
        (Folder, Configuration, Schema, Features, Tokenizer, Model, Options, Calibration) = (
            folder,
            configuration,
            schema,
            features,
            tokenizer,
            model,
            options,
            calibration
        );
        model.eval();
        model.To(device);
        ComputeThreads.Use(options.Threads);
        _builder = new BatchBuilder(model.Options, device);
        _turns = new ComputeTurns(options.Threads, device.IsCuda ? 1 : Math.Max(1, Environment.ProcessorCount / options.Threads));
        Forward = new ForwardPass(model, _builder, options.Precision, _turns);
        _inputs = new InputReader(Forward, features);
        Inputs = options.Apply(model.Options);
        _preparation = new ProductPreparation(Inputs, tokenizer, features);
    }

    /// <summary>The run folder.</summary>
    public RunFolder Folder { get; }

    /// <summary>What was decided for the run.</summary>
    public RunConfiguration Configuration { get; }

    /// <summary>The tasks and their classes.</summary>
    public TaskSchema Schema { get; }

    /// <summary>The features it gets beside picture and text, with their values.</summary>
    public FeatureSchema Features { get; }

    /// <summary>The tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>The network itself. Using it while other threads classify is up to the caller.</summary>
    public ProductModel Model { get; }

    /// <summary>How the model computes.</summary>
    public ModelUseOptions Options { get; }

    /// <summary>Corrections and thresholds; null where the run is not calibrated, or <see cref="ModelUseOptions.Calibrated"/> is
    /// off.</summary>
    public RunCalibration? Calibration { get; }

    /// <summary>The network's settings as they are in force for pictures and texts: the run's, with what <see cref="Options"/>
    /// changes.</summary>
    public ModelOptions Inputs { get; }

    internal ForwardPass Forward { get; }

    internal ProductPreparation Preparation => _preparation;

    /// <summary>Loads a model.</summary>
    /// <param name="runFolder">A folder that training wrote.</param>
    /// <param name="options">Threads, precision, device, batch size; the defaults where null.</param>
    /// <exception cref="RunException">The folder is missing, damaged, of a newer Duet, or its weights do not fit; the message names the
    /// file.</exception>
    /// <exception cref="OptionException">An option is out of its range.</exception>
    public static DuetModel Load(string runFolder, ModelUseOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(runFolder);
        options ??= new ModelUseOptions();
        var device = options.Validate();
        var folder = new RunFolder(runFolder);
        var configuration = folder.LoadConfiguration();
        try
        {
            var schema = folder.LoadSchema();
            var features = folder.LoadFeatures(configuration);
            var tokenizer = folder.LoadTokenizer();
            var calibration = options.Calibrated ? LoadCalibration(folder, schema, options) : null;
            using var recording = no_grad();
            var model = folder.LoadModel(configuration, schema, tokenizer);
            return new DuetModel(folder, configuration, schema, features, tokenizer, model, options, device, calibration);
        }
        catch (Exception e)
            when (e is TableException or IOException or UnauthorizedAccessException or SafetensorsException or ModuleStateException)
        {
            throw new RunException($"The run folder {runFolder} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Classifies one product by a picture file, a text, or both.</summary>
    /// <param name="imagePath">The picture file; null or empty for none.</param>
    /// <param name="text">The text; null or empty for none.</param>
    /// <exception cref="Vision.ImageDecodeException">The picture is missing, refused or damaged; the message names the file.</exception>
    /// <exception cref="ProductInputException">Neither is given, or not the one that the model looks at.</exception>
    public Classification Classify(string? imagePath, string? text) => Classify(ProductInput.Of(imagePath, text));

    /// <summary>Classifies one product by several picture files (the first counts, as in tables) and several texts (joined by a
    /// space).</summary>
    /// <param name="imagePaths">Picture files, in the order of the run's image columns.</param>
    /// <param name="texts">Texts, in the order of the run's text columns.</param>
    /// <exception cref="Vision.ImageDecodeException">The picture is missing, refused or damaged; the message names the file.</exception>
    /// <exception cref="ProductInputException">Neither is given, or not the one that the model looks at.</exception>
    public Classification Classify(IReadOnlyList<string> imagePaths, IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(imagePaths);
        ArgumentNullException.ThrowIfNull(texts);
        return Classify(
            new ProductInput
            {
                Pictures = [.. imagePaths.Where(path => !string.IsNullOrWhiteSpace(path)).Select(ProductPicture.FromFile)],
                Texts = texts,
            }
        );
    }

    /// <summary>Classifies one product by a picture in memory and, where there is one, a text.</summary>
    /// <param name="picture">The bytes of a JPEG, PNG, WebP, GIF or BMP file.</param>
    /// <param name="text">The text; null or empty for none.</param>
    /// <exception cref="Vision.ImageDecodeException">The picture is refused or damaged.</exception>
    /// <exception cref="ProductInputException">The model uses only texts, and there are none.</exception>
    public Classification ClassifyBytes(ReadOnlyMemory<byte> picture, string? text = null) =>
        Classify(ProductInput.Of(null, text) with { Pictures = [ProductPicture.FromBytes(picture)] });

    /// <summary>Classifies one product.</summary>
    /// <param name="product">Pictures and texts.</param>
    /// <exception cref="Vision.ImageDecodeException">The picture is missing, refused or damaged; the message names it.</exception>
    /// <exception cref="ProductInputException">There is nothing that the model looks at.</exception>
    public Classification Classify(ProductInput product)
    {
        ArgumentNullException.ThrowIfNull(product);
        var prepared = _preparation.Prepare(product);
        return Answer(Compute(_preparation.Batch([prepared])), row: 0) with { TextTruncated = prepared.Truncated };
    }

    /// <summary>Classifies many products, in batches; pictures are decoded on all cores.</summary>
    /// <param name="products">Pictures and texts.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>The answers, in the order of the products.</returns>
    /// <exception cref="Vision.ImageDecodeException">A picture is missing, refused or damaged; the message names it.</exception>
    /// <exception cref="ProductInputException">A product has nothing that the model looks at.</exception>
    public IReadOnlyList<Classification> ClassifyMany(IReadOnlyList<ProductInput> products, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(products);
        var answers = new List<Classification>(products.Count);
        foreach (var batch in products.Chunk(Options.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            var prepared = _preparation.PrepareMany(batch, cancellation);
            var result = Compute(_preparation.Batch(prepared));
            answers.AddRange(prepared.Select((product, row) => Answer(result, row) with { TextTruncated = product.Truncated }));
        }

        return answers;
    }

    /// <summary>The forward pass, and what the run's calibration makes of it.</summary>
    internal BatchResult Compute(ProductBatch batch, bool embeddings = false)
    {
        var result = Forward.Run(batch, embeddings || Calibration is not null);
        result.Decisions = Calibration is { } calibration ? BatchDecisions.Of(calibration, _inputs, Schema.Tasks, batch, result) : null;
        return result;
    }

    internal Classification Answer(BatchResult result, int row) => Answers.Of(Schema.Tasks, result, row, Options.Threshold);

    // Whether an answer of a multi-label task is right depends on what was given, hence on the threshold of giving.
    private static RunCalibration? LoadCalibration(RunFolder folder, TaskSchema schema, ModelUseOptions options)
    {
        var calibration = CalibrationFile.Load(folder, schema);
        OptionException.Require(
            calibration is null
                || Math.Abs(calibration.Given - options.Threshold) < 1e-6
                || schema.Tasks.All(task => task.Kind == TaskKind.SingleLabel),
            $"threshold is {options.Threshold}, but {folder.CalibrationFile} was made for {calibration?.Given}: its promise holds for "
                + $"what is given from there on. Leave the threshold out, calibrate again with it, or turn the calibration off "
                + $"(calibrated: false)."
        );
        return calibration;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Configuration.Model} ({Configuration.Preset}) from {Folder.Path} on {Options.Device}";

    /// <summary>Frees the network.</summary>
    public void Dispose()
    {
        _turns.Dispose();
        _builder.Dispose();
        Model.Dispose();
    }
}
