// The options that say which model is trained and how.
using System.CommandLine;
using System.Globalization;
using Duet.Models;
using Duet.Models.Pretrained;
using Duet.Runs;
using Duet.Training;

namespace Duet.Cli.Settings;

/// <summary>The model, its preset, the common settings of the recipe, and <c>--set</c> for all others.</summary>
/// <param name="manyRuns">Whether the command trains many models with many seeds and has options of its own for both.</param>
internal sealed class RecipeOptionSet(bool manyRuns = false)
{
    private const string DefaultModel = "cma-clip";
    private const string DefaultPreset = "small";

    private const string LongTextHelp =
        "What is done with texts longer than context_length: head reads their beginning, head-tail three quarters from the beginning "
        + "and the rest from the end, chunk all of it in pieces whose results are averaged; training sees one piece per epoch (head).";

    private const string PreprocessingHelp =
        "How pictures are prepared when the model is evaluated and used: exact follows the recipe to the bit, fast starts from a "
        + "decoding at reduced size (fast; exact with --pretrained).";

    private static readonly TrainingOptions Defaults = new();

    private readonly Option<string> _model = new("--model")
    {
        HelpName = "NAME",
        Description = $"The system to train: {string.Join(", ", ModelRegistry.All.Select(system => system.Name))}.",
        DefaultValueFactory = _ => DefaultModel,
    };

    private readonly Option<string> _preset = new("--preset")
    {
        HelpName = "NAME",
        Description = $"The size to begin with; of {DefaultModel}: {string.Join(", ", ModelRegistry.Find(DefaultModel).Presets.Keys)}.",
        DefaultValueFactory = _ => DefaultPreset,
    };

    private static readonly SettingOption Pretrained = new(
        "pretrained",
        "SOURCE",
        "Published weights for the towers: a Hugging Face, open_clip or run folder, a .safetensors or .onnx file, a hub name, or "
            + "starter; two as PICTURES,TEXTS. The model takes the towers and their shapes, and they learn at a tenth of the rate "
            + "unless backbone_learning_rate_scale says otherwise."
    );

    private readonly SettingOption[] _common =
    [
        Pretrained,
        new("epochs", "N", $"Passes over the training split, 1 to 100000 ({Defaults.Epochs})."),
        new(
            "pretrain_epochs",
            "N",
            $"Epochs of contrastive pre-training on the same table before the tasks, 0 to 100000 ({Defaults.PretrainEpochs})."
        ),
        new("batch_size", "N", $"Products per step, 1 to 65536 ({Defaults.BatchSize})."),
        new(
            "learning_rate",
            "RATE",
            $"The peak learning rate of AdamW, 1e-9 to 1 ({Text(Defaults.LearningRate)}); it warms up and falls along a cosine."
        ),
        new(
            "weight_decay",
            "NUMBER",
            $"Decay of matrices, 0 to 10 ({Text(Defaults.WeightDecay)}); biases, norms and embeddings have none."
        ),
        new("patience", "N", $"Epochs without a better validation score after which training stops; 0 for never ({Defaults.Patience})."),
        new("seed", "S", $"The seed of everything random ({Defaults.Seed}). Same seed and threads, same weights to the last bit."),
        new(
            "threads",
            "T|auto",
            $"Threads that compute, 1 to 1024 (all cores: {Defaults.Threads} here). auto finds out before every epoch which number is "
                + $"fastest beside the machine's other programs; weights then differ in their last bits from run to run."
        )
        {
            Switch = ("auto", "adapt_threads"),
        },
        new("loader_threads", "T", $"Threads that decode pictures, 1 to 1024 ({Defaults.LoaderThreads})."),
        new(
            "precision",
            "fp32|bf16|auto",
            "The arithmetic of large products (fp32). bf16 is about twice as fast on processors that support it in hardware and many "
                + "times slower on others; auto chooses."
        ),
        new("long_text", "head|head-tail|chunk", LongTextHelp),
        new("preprocessing.mode", "fast|exact", PreprocessingHelp, "preprocessing"),
        new("device", "cpu|cuda", "Where to compute (cpu); a CUDA GPU needs a build for it, see docs/use/set-up.md."),
    ];

    private readonly Option<string[]> _set = new("--set")
    {
        HelpName = "NAME=VALUE",
        Description =
            "Any other setting of the recipe or the model, for instance --set fusion_layers=3 or --set image.layers=6. "
            + "--list-settings shows all.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Adds the options to a command, in the order of the help.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[.. (Option[])(manyRuns ? [] : [_model]), _preset, .. Offered, _set])
        {
            command.Options.Add(option);
        }
    }

    private IEnumerable<SettingOption> Offered =>
        _common.Where(option => !manyRuns || !string.Equals(option.Setting, "seed", StringComparison.Ordinal));

    /// <summary>The configuration of a new run before columns and settings are looked at.</summary>
    /// <exception cref="OptionException">There is no such model or preset.</exception>
    /// <exception cref="PretrainedException">The source of weights cannot be used, or the system takes none of its towers.</exception>
    public RunConfiguration Begin(ParseResult parsed) => Begin(parsed, parsed.GetValue(_model)!);

    /// <summary>The same for a model that another option names, and for a preset of its own where it has one.</summary>
    /// <exception cref="OptionException">There is no such model or preset.</exception>
    /// <exception cref="PretrainedException">The source of weights cannot be used, or the system takes none of its towers.</exception>
    public RunConfiguration Begin(ParseResult parsed, string name, string? itsPreset = null)
    {
        var size = itsPreset ?? parsed.GetValue(_preset)!;
        var begun = new RunConfiguration
        {
            Model = name,
            Preset = size,
            Options = ModelRegistry.Find(name).Preset(size),
            Data = new DataConfiguration(),
            Training = TrainingRecipes.Of(size),
        };
        var sources = parsed.GetValue(Pretrained) is { Length: > 0 } given ? given : begun.Training.Pretrained;
        return sources is null ? begun : WithTowers(begun, sources);
    }

    /// <summary>Applies what was given on the command line.</summary>
    /// <exception cref="OptionException">A setting is unknown or no value of its type.</exception>
    public RunConfiguration Read(ParseResult parsed, RunConfiguration before)
    {
        var given = Offered.SelectMany(option => parsed.GetValue(option) is { } value ? option.Assignments(value) : []);
        return Recipe.Apply(
            given.Aggregate(before, (current, one) => Recipe.Apply(current, one.Setting, one.Value)),
            parsed.GetValue(_set) ?? []
        );
    }

    /// <summary>The model and preset that were named, where they were.</summary>
    public (string? Model, string? Preset) Named(ParseResult parsed) =>
        (
            parsed.GetResult(_model) is { Implicit: false } ? parsed.GetValue(_model) : null,
            parsed.GetResult(_preset) is { Implicit: false } ? parsed.GetValue(_preset) : null
        );

    /// <summary>A run is as long as its epochs or as a time, not both.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="minutes">The time, where one was given.</param>
    /// <param name="settings">Settings <c>NAME=VALUE</c> that other options hold.</param>
    /// <exception cref="UsageException">Epochs are given beside minutes, by their own option, by <c>--set</c> or in
    /// <paramref name="settings"/>.</exception>
    public void RequireOneBudget(ParseResult parsed, double? minutes, params IEnumerable<string> settings)
    {
        if (minutes is not null && Names(parsed, "epochs", settings))
        {
            throw new UsageException("Epochs and --minutes are both given; a run has one budget.");
        }
    }

    private bool Names(ParseResult parsed, string setting, IEnumerable<string> settings) =>
        Offered.Any(option => string.Equals(option.Setting, setting, StringComparison.Ordinal) && parsed.GetValue(option) is not null)
        || settings.Concat(parsed.GetValue(_set) ?? []).Any(assignment => Recipe.IsOfTraining(assignment, setting));

    // Before the user's own settings, which may still change the picture size or the length of texts.
    private static RunConfiguration WithTowers(RunConfiguration begun, string names)
    {
        var sources = PretrainedSource.OpenAll(names);
        try
        {
            return sources.Aggregate(begun, (configuration, source) => configuration.StartFrom(source)) with
            {
                Training = begun.Training with { Pretrained = names },
            };
        }
        finally
        {
            foreach (var source in sources)
            {
                source.Dispose();
            }
        }
    }

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
