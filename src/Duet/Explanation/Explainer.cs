// Explains a model's answers about a product.
using Duet.Data;
using Duet.Inference;
using Duet.Models;
using Duet.Vision;

namespace Duet.Explanation;

/// <summary>Explains answers of any system; attention where the system has attention. Not to be used by two threads at a time.</summary>
/// <param name="model">The model.</param>
public sealed class Explainer(DuetModel model)
{
    private const int UsualGrid = 7;
    private const int LeastGrid = 4;
    private const int MaxGrid = 14;

    /// <summary>Explains.</summary>
    /// <param name="product">Picture, text, or both.</param>
    /// <param name="options">Task, methods and thoroughness; the defaults where null.</param>
    /// <param name="progress">Told what is worked on.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="ImageDecodeException">The picture is missing, refused or damaged; the message names it.</exception>
    /// <exception cref="ProductInputException">There is nothing that the model looks at.</exception>
    /// <exception cref="OptionException">An option is out of range, there is no such task or block, or the system has no attention and
    /// nothing else was asked for.</exception>
    public ProductExplanation Explain(
        ProductInput product,
        ExplanationOptions? options = null,
        IProgress<string>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(product);
        options ??= new ExplanationOptions();
        options.Validate();
        var tasks = Tasks(options.Task);
        var answers = model.Classify(product);
        var explained = new ExplainedProduct(model, product);
        var (layers, patches) = AttentionScores.Shape(model, explained);
        var methods = Methods(options, layers);
        var grid = options.Grid ?? (patches is >= LeastGrid and <= MaxGrid ? patches : UsualGrid);
        var scores = new Scorer(model, explained, grid, options, options.Layer ?? Math.Max(0, layers - 1), cancellation);
        return new ProductExplanation
        {
            Model = model.Configuration.Model,
            Text = explained.Text,
            Words = explained.Words,
            Picture = explained.Prepared.Picture?.Pixels is { } pixels ? Picture(pixels, explained.Side) : null,
            Tasks = [.. tasks.Select(task => Explain(task, answers.Tasks[task], methods, scores, progress))],
            WordMaps =
            [
                .. methods
                    .Where(method => options.WordMaps && method is ExplanationMethod.Attention or ExplanationMethod.Rollout)
                    .Select(scores.Words)
                    .OfType<WordMaps>(),
            ],
        };
    }

    private TaskExplanation Explain(
        int task,
        TaskAnswer answer,
        IEnumerable<ExplanationMethod> methods,
        Scorer scores,
        IProgress<string>? progress
    )
    {
        var label = IndexOf(model.Schema.Tasks[task].Classes, answer.Label);
        var attributions = new List<Attribution>();
        foreach (var method in methods)
        {
            progress?.Report($"{answer.Task}: {ExplanationFiles.MethodName(method)}");

            // Attention may say nothing about the one input that is there: that of a text tower about a picture, say.
            if (scores.Of(method, task, label) is { } found && (found.Words is not null || found.Patches is not null))
            {
                attributions.Add(scores.Measured(found, task, label));
            }
        }

        return new TaskExplanation(answer.Task, answer.Label, answer.Probability, answer.ImageShare, answer.TextShare, attributions);
    }

    private ExplanationMethod[] Methods(ExplanationOptions options, int layers)
    {
        OptionException.Require(
            options.Layer is not { } layer || layers == 0 || layer < layers,
            $"layer is {options.Layer}; this model has the blocks 0 to {layers - 1} where its answers are read."
        );
        ExplanationMethod[] methods =
        [
            .. (options.Methods ?? Enum.GetValues<ExplanationMethod>())
                .Where(method => layers > 0 || method is not (ExplanationMethod.Attention or ExplanationMethod.Rollout))
                .Distinct(),
        ];
        OptionException.Require(
            methods.Length > 0,
            $"{model.Configuration.Model} has no attention to show; ask for occlusion, gradient or integrated-gradients."
        );
        return methods;
    }

    private IReadOnlyList<int> Tasks(string? name)
    {
        if (name is null)
        {
            return [.. Enumerable.Range(0, model.Schema.Tasks.Count)];
        }

        var names = model.Schema.Tasks.Select(task => task.Name).ToArray();
        var index = IndexOf(names, name);
        OptionException.Require(index >= 0, $"task is '{name}'; this model has {string.Join(", ", names)}.");
        return [index];
    }

    private static int IndexOf(IReadOnlyList<string> names, string wanted)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (string.Equals(names[i], wanted, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    private static RgbImage Picture(byte[] planes, int side)
    {
        var pixels = new byte[planes.Length];
        for (var i = 0; i < side * side; i++)
        {
            (pixels[i * 3], pixels[(i * 3) + 1], pixels[(i * 3) + 2]) = (
                planes[i],
                planes[i + (side * side)],
                planes[i + (2 * side * side)]
            );
        }

        return new RgbImage(side, side, pixels);
    }

    // All methods over one product, with what they share.
    private sealed class Scorer(
        DuetModel model,
        ExplainedProduct product,
        int grid,
        ExplanationOptions options,
        int layer,
        CancellationToken cancellation
    )
    {
        private readonly OcclusionScores _occlusion = new(product, grid, cancellation);
        private readonly GradientScores _gradients = new(model, product, grid, cancellation);
        private readonly AttentionScores _attention = new(model, product, grid);
        private readonly FaithfulnessMeasure _words = new(product, product.Words.Count, product.WithWords, options, cancellation);
        private readonly FaithfulnessMeasure _cells = new(
            product,
            grid * grid,
            kept => product.WithCells(grid, kept),
            options,
            cancellation
        );

        public Attribution Of(ExplanationMethod method, int task, int label) =>
            method switch
            {
                ExplanationMethod.Occlusion => _occlusion.Of(task, label),
                ExplanationMethod.Gradient => _gradients.AtInput(task, label),
                ExplanationMethod.IntegratedGradients => _gradients.Integrated(task, label, options.IntegrationSteps),
                ExplanationMethod.Attention => _attention.Of(task, layer),
                _ => _attention.Of(task, null),
            };

        // An order of one part is no order.
        public Attribution Measured(Attribution scores, int task, int label) =>
            options.RandomOrders == 0
                ? scores
                : scores with
                {
                    WordFaithfulness = scores.Words is { Count: > 1 } given ? _words.Of(given, task, label) : null,
                    PatchFaithfulness = scores.Patches is { } patches ? _cells.Of(patches.Scores, task, label) : null,
                };

        public WordMaps? Words(ExplanationMethod method) => _attention.Words(method == ExplanationMethod.Attention ? layer : null);
    }
}
