// From a table to a trained run folder, step by step.
using System.Globalization;
using Duet.Data;
using Duet.Inference;
using Duet.Models;
using Duet.Models.Pretrained;
using Duet.Runs;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Training;

/// <summary>Reads the table, learns what the run needs from it, builds the model and trains it.</summary>
/// <param name="configuration">What was decided.</param>
/// <param name="folder">The run folder.</param>
/// <param name="resumes">Whether the run was begun before.</param>
/// <param name="changes">Whether a run that was begun before goes on with another configuration.</param>
/// <param name="time">The clock that says when a checkpoint is due.</param>
/// <param name="progress">Is told what happens.</param>
/// <param name="cancellation">Stops it.</param>
internal sealed class TrainingRun(
    RunConfiguration configuration,
    RunFolder folder,
    bool resumes,
    bool changes,
    TimeProvider time,
    ITrainingProgress progress,
    CancellationToken cancellation
)
{
    private readonly TrainingOptions _options = configuration.Training;

    /// <summary>Trains until the end or until asked to stop.</summary>
    public TrainingResult Run()
    {
        var device = PrepareDevice();
        var data = new TrainingData(configuration, folder, resumes, progress, cancellation);
        using var taken = resumes ? TakeFolder() : null;
        var splits = data.Read();
        var known = resumes && RunInputs.AreIn(folder);
        var inputs = known ? RunInputs.Load(folder, configuration) : RunInputs.Learn(configuration, splits.Train, data.Table, cancellation);
        using var model = CreateModel(inputs);

        // Before anything is written, so that a table of which too much is lost leaves no run behind.
        var encoder = new ProductEncoder(inputs.Tokenizer, inputs.Schema, ModelInputs.Texts(configuration.Options), inputs.Features);
        var (train, validation) = data.Load(splits, encoder);
        using var own = taken is null ? TakeFolder() : null;
        SaveDecisions(inputs, known);
        InitializeTowers(model);
        model.To(device);
        using var teacher = AlignmentTeacher.GiveTo(model, folder, _options, device);
        WriteLosses(data);
        Tell(model, inputs, train, validation, data);
        using var cache = _options.CacheTowers ? SequenceCache.For(model, folder, device, train, validation) : null;
        using var trainer = new Trainer(
            model,
            train,
            validation,
            _options,
            folder,
            DataIdentity.Hash(configuration.Data.Path),
            progress,
            time,
            configuration.Prolonged is [.., var ended] ? ended : 0,
            cache
        );
        return Train(trainer, data);
    }

    private Device PrepareDevice()
    {
        var device = DeviceName.Parse(_options.Device);
        OptionException.Require(
            !device.IsCuda || TorchRuntime.IsCudaAvailable,
            $"device is {device}, but this build of Duet computes on the CPU or finds no GPU; for a CUDA GPU see docs/use/set-up.md."
        );
        if (_options.Precision.IsEmulated(device))
        {
            progress.Note(
                "This processor does not support bf16 in hardware, so libtorch emulates it, many times slower than fp32. Stop with "
                    + "Ctrl-C and use --precision fp32 or auto."
            );
        }

        ComputeThreads.Use(_options.Threads);
        TorchRuntime.Seed(_options.Seed);
        return device;
    }

    private RunLock TakeFolder()
    {
        Directory.CreateDirectory(folder.Path);
        return RunLock.Take(folder);
    }

    private ProductModel CreateModel(RunInputs inputs)
    {
        var model = ModelRegistry.Find(configuration.Model).Create(configuration.Options, inputs.Context);
        OptionException.Require(
            _options.PretrainEpochs == 0 || model.CanPretrain,
            $"pretrain_epochs is {_options.PretrainEpochs}, but {configuration.Model} has no pre-training stage (systems around BERT "
                + $"have one with a tokenizer that has a mask token); leave it at 0."
        );
        return model;
    }

    private void SaveDecisions(RunInputs inputs, bool known)
    {
        if (!known)
        {
            inputs.Save(folder, configuration);
        }
        else if (changes)
        {
            // From here on a resumed run continues to the new end, or with the other number of threads.
            RunConfigurationFile.Save(configuration, folder.ConfigurationFile);
        }
    }

    // A checkpoint replaces all of it, so a run that continues from one does not need the source any more; without one the run begins as it
    // began.
    private void InitializeTowers(ProductModel model)
    {
        if (_options.Pretrained is not { } pretrained || (resumes && CheckpointStore.IsIn(folder.CheckpointFolder)))
        {
            return;
        }

        var sources = PretrainedSource.OpenAll(pretrained, cancellation: cancellation);
        try
        {
            foreach (var source in sources)
            {
                progress.Note(PretrainedLoader.Initialize(model, source).Summary);
            }
        }
        finally
        {
            foreach (var source in sources)
            {
                source.Dispose();
            }
        }
    }

    private void WriteLosses(TrainingData data)
    {
        data.Quarantine.Write(folder.QuarantineFile);
        data.Losses.Save(folder.LossesFile);
    }

    private void Tell(ProductModel model, RunInputs inputs, ProductLoader train, ProductLoader? validation, TrainingData data)
    {
        progress.Note(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{train.Dataset.Count} products train, {validation?.Dataset.Count ?? 0} validate; {model.ParameterCount() / 1e6:0.0} "
                    + $"M parameters; {data.Quarantine.Count} {(data.Quarantine.Count == 1 ? "entry" : "entries")} in quarantine."
            )
        );
        var encoder = train.Dataset.Encoder;
        foreach (var unseen in inputs.Schema.Tasks.Select(task => UnseenLabel.Sentence(task, encoder.UnseenLabels)).OfType<string>())
        {
            progress.Note($"Of the validation rows: {unseen}");
        }

        if (encoder.LongTexts.Sentence is { } sentence)
        {
            progress.Note(sentence);
        }
    }

    private TrainingResult Train(Trainer trainer, TrainingData data)
    {
        try
        {
            return trainer.Run(cancellation) with
            {
                Losses = data.Losses,
                SetAside = data.Quarantine,
                Limit = data.Limit with { List = folder.QuarantineFile },
            };
        }
        finally
        {
            // Pictures that broke while it trained are listed as well.
            data.Quarantine.Write(folder.QuarantineFile);
        }
    }
}
