// duet explain
using System.CommandLine;
using Duet.Cli.Console;
using Duet.Cli.Settings;
using Duet.Explanation;
using Duet.Inference;

namespace Duet.Cli.Commands;

/// <summary>Shows which words and which parts of the picture an answer depends on.</summary>
internal sealed class ExplainCommand : Verb
{
    private const string All = "all";

    private static readonly ExplanationMethod[] Known = Enum.GetValues<ExplanationMethod>();

    private readonly Argument<string> _run = UseOptionSet.RunArgument();
    private readonly UseOptionSet _use = new();
    private readonly Option<string?> _image = new("--image") { HelpName = "FILE", Description = "The product's picture." };
    private readonly Option<string?> _text = new("--text") { HelpName = "TEXT", Description = "The product's text." };
    private readonly Option<string[]> _feature = new("--feature")
    {
        HelpName = "COLUMN=VALUE",
        Description = "A feature of the product, for runs trained with --feature; what is not given counts as unknown. May be given again.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _task = new("--task") { HelpName = "TASK", Description = "The task (all of them)." };

    private readonly Option<string[]> _method = new("--method")
    {
        HelpName = "NAME",
        Description =
            $"{string.Join(", ", Known.Select(ExplanationFiles.MethodName))} or all; may be given again (all that the system has).",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int?> _layer = new("--layer")
    {
        HelpName = "N",
        Description = "The block whose attention is shown, counted from 0 (the last).",
    };
    private readonly Option<int?> _grid = new("--grid")
    {
        HelpName = "N",
        Description = "Cells along a side of the picture, 2 to 32 (the system's own patches, or 7).",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "FOLDER",
        Description = "Where the overlays and explanation.json go.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Write the scores to standard output as JSON." };

    /// <summary>Creates the command.</summary>
    public ExplainCommand()
        : base(
            "explain",
            "Shows which words and which parts of the picture an answer depends on.",
            "Writes overlays as PNG and all scores as JSON, and measures how far each explanation can be trusted: faithfulness is how "
                + "much faster than in random order the probability of the answer falls when the parts with the highest scores are "
                + "removed, and "
                + "recovers when they are put back. At or below 0 an explanation is no better than chance.",
            "duet explain runs/first --image shoe.jpg --text \"ADIDAS Women Spring\" --output explained",
            "duet explain runs/first --image shoe.jpg --text \"ADIDAS Women Spring\" --task color --method occlusion --output "
                + "explained --json"
        )
    {
        Arguments.Add(_run);
        foreach (var option in (Option[])[_image, _text, _feature, _task, _method, _layer, _grid, _output, OutputOption.Overwrite, _json])
        {
            Options.Add(option);
        }

        _use.AddTo(this);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session)
    {
        var folder = parsed.GetValue(_output) ?? throw new UsageException("--output is missing: name the folder for the overlays.");
        var product = ProductInput.Of(parsed.GetValue(_image), parsed.GetValue(_text)) with
        {
            Features = SourceOptionSet.Values(parsed.GetValue(_feature)),
        };
        if (product.Pictures.Count + product.Texts.Count == 0)
        {
            throw new UsageException("Name a product with --image and --text (one of them is enough).");
        }

        var options = new ExplanationOptions
        {
            Task = parsed.GetValue(_task),
            Layer = parsed.GetValue(_layer),
            Grid = parsed.GetValue(_grid),
            Methods = Methods(parsed.GetValue(_method) ?? []),
        };
        options.Validate();
        OutputOption.RequireNew(parsed, _output, [Path.Combine(folder, ExplanationFiles.JsonName)]);
        using var model = DuetModel.Load(parsed.GetValue(_run)!, _use.Read(parsed));
        var explanation = StepProgress.Run<string, ProductExplanation>(
            session.Terminal,
            state => state,
            progress => new Explainer(model).Explain(product, options, progress, session.Stop)
        );
        explanation = ExplanationFiles.Write(explanation, folder);
        if (parsed.GetValue(_json))
        {
            Terminal.Say(explanation.ToJson());
        }
        else
        {
            foreach (var explained in explanation.Tasks)
            {
                ExplanationTable.Write(session.Terminal.Out, explained, explanation.Words);
            }

            Terminal.Say($"Overlays and {ExplanationFiles.JsonName} are in {folder}. Colours: {explanation.Legend}.");
        }

        return ExitCode.Success;
    }

    private static ExplanationMethod[]? Methods(string[] names) =>
        names.Length == 0 || names.Contains(All, StringComparer.Ordinal) ? null : [.. names.Select(Method)];

    private static ExplanationMethod Method(string name)
    {
        var known = Array.FindIndex(Known, method => string.Equals(ExplanationFiles.MethodName(method), name, StringComparison.Ordinal));
        return known >= 0
            ? Known[known]
            : throw new UsageException(
                $"--method names '{name}', which does not exist; the methods are "
                    + $"{string.Join(", ", Known.Select(ExplanationFiles.MethodName))} and all."
            );
    }
}
