// duet demo
using System.CommandLine;
using System.Diagnostics;
using Duet.Cli.Console;
using Duet.Cli.Demo;
using Duet.Data;
using Duet.Inference;
using Duet.Models;
using Duet.Runs;
using Duet.Training;

namespace Duet.Cli.Commands;

/// <summary>Shows everything once, on a catalogue that Duet draws itself.</summary>
internal sealed class DemoCommand : Verb
{
    private const int DefaultProducts = 3000;
    private const int DefaultEpochs = 22;

    // Drawn pictures are plain and a demo is short: faster steps and less noise than a real catalog needs.
    private static readonly TrainingOptions Recipe = new()
    {
        LearningRate = 1e-3,
        LabelSmoothing = 0.05,
        ImageDropout = 0.05,
        TextDropout = 0.45,
        TokenDropout = 0.05,
        TokenSplit = 0,
        CropScale = 0.8,
        ErasingProbability = 0,
        NoiseProbability = 0,
        EmaDecay = 0.99,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        HelpName = "FOLDER",
        Description = "Where the catalogue and the runs go. A folder of an earlier demo is replaced.",
        DefaultValueFactory = _ => Path.Combine("runs", "demo"),
    };

    private readonly Option<int> _products = new("--products")
    {
        HelpName = "N",
        Description = "Products to draw, 100 to 100000.",
        DefaultValueFactory = _ => DefaultProducts,
    };

    private readonly Option<int> _epochs = new("--epochs")
    {
        HelpName = "N",
        Description = "Passes over the training split, 1 to 1000.",
        DefaultValueFactory = _ => DefaultEpochs,
    };

    private readonly Option<int> _threads = new("--threads")
    {
        HelpName = "T",
        Description = "Threads that compute, 1 to 1024.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    /// <summary>Creates the command.</summary>
    public DemoCommand()
        : base(
            "demo",
            "Shows everything once: draws a catalogue, trains CMA-CLIP and two ablations on it, compares and uses them.",
            "The catalogue is drawn by Duet itself (garments, shoes, bags with titles), so for every product it is known whether the "
                + "picture, the title or both carry an answer, and one can see whether the model relies on the right one. Takes a few "
                + "minutes on two "
                + "cores.",
            "duet demo"
        )
    {
        foreach (var option in (Option[])[_output, _products, _epochs, _threads])
        {
            Options.Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        var clock = Stopwatch.StartNew();
        var (terminal, stop) = (session.Terminal, session.Stop);
        OptionException.Require("products", parsed.GetValue(_products), 100, 100_000, "fewer cannot be split, more do not fit a demo");
        OptionException.Require("epochs", parsed.GetValue(_epochs), 1, 1000, "a run needs one pass at least");
        OptionException.Require("threads", parsed.GetValue(_threads), 1, 1024, "one thread at least computes");
        var folder = new DemoFolder(parsed.GetValue(_output)!);
        folder.Prepare();

        var catalogue = SyntheticCatalog.Write(folder.Catalogue, new SyntheticOptions { Count = parsed.GetValue(_products) }, stop);
        terminal.Line($"Drew {catalogue.Products.Count} products: {catalogue.Table}");
        var variants = new List<DemoVariant>();
        foreach (var variant in DemoVariant.All)
        {
            terminal.Line($"Training {variant.Title} ({variants.Count + 1} of {DemoVariant.All.Count})");
            var job = TrainingJob.Start(Configuration(catalogue.Table, variant.Modalities, parsed), folder.Run(variant.Name));
            var result = LiveProgress.Run(terminal, progress => job.Run(progress, stop));
            if (!result.Finished)
            {
                terminal.Line("Stopped. `duet demo` starts again from the beginning.");
                return ExitCode.Interrupted;
            }

            using var model = DuetModel.Load(folder.Run(variant.Name), new ModelUseOptions { Threads = parsed.GetValue(_threads) });
            variants.Add(
                variant with
                {
                    Report = new Evaluator(model).Evaluate(new TableSource(catalogue.Table), "test", cancellation: stop).Report,
                }
            );
        }

        terminal.Out.Write(DemoReport.Scores(variants));
        ShowPredictions(folder, catalogue, parsed, terminal);
        ReportCommand.WriteAfterTraining(
            folder.Run(DemoVariant.All[0].Name),
            new ModelUseOptions { Threads = parsed.GetValue(_threads) },
            explain: true,
            session
        );
        ShowNext(folder, catalogue, terminal, clock.Elapsed);
        return ExitCode.Success;
    }

    private RunConfiguration Configuration(string table, InputModalities modalities, ParseResult parsed) =>
        new()
        {
            Model = "cma-clip",
            Preset = "tiny",
            Options = ModelRegistry.Find("cma-clip").Preset("tiny") with { Modalities = modalities },
            Data = new DataConfiguration
            {
                Path = Path.GetFullPath(table),
                ImageColumns = ["image"],
                TextColumns = ["title"],
                TaskColumns = SyntheticCatalog.Tasks,
                SplitColumn = "split",
            },
            Training = Recipe with { Epochs = parsed.GetValue(_epochs), Threads = parsed.GetValue(_threads) },
        };

    private void ShowPredictions(DemoFolder folder, SyntheticFiles catalogue, ParseResult parsed, Terminal terminal)
    {
        using var model = DuetModel.Load(folder.Run(DemoVariant.All[0].Name), new ModelUseOptions { Threads = parsed.GetValue(_threads) });
        foreach (var product in DemoReport.Choose(catalogue.Products))
        {
            var picture = Path.Combine(folder.Catalogue, "images", product.Id + ".jpg");
            Terminal.Say($"{picture}  \"{product.Title}\"");
            terminal.Out.Write(DemoReport.Prediction(product, model.Classify(picture, product.Title)));
        }
    }

    private static void ShowNext(DemoFolder folder, SyntheticFiles catalogue, Terminal terminal, TimeSpan elapsed)
    {
        var run = folder.Run(DemoVariant.All[0].Name);
        Terminal.Advise(
            $"""
            Done in {Duration.Of(elapsed)}. The model is in {run}. Try next:

              open {Path.Combine(run, ReportCommand.FileName)} in a browser
              duet inspect {run}
              duet predict {run} --text "red silk dress for women"
              duet predict {run} --data {catalogue.Table} --output {Path.Combine(folder.Path, "predictions.csv")}
              duet train --help                            # train on a table of your own
            """
        );
        terminal.Line(string.Empty);
    }
}
