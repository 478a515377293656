// What zero-shot classification asks.
using Duet.Models;

namespace Duet.Inference;

/// <summary>Labels, the sentences they are put into, and what is looked at.</summary>
public sealed record ZeroShotOptions
{
    /// <summary>Where the label goes in a template.</summary>
    public const string Placeholder = "{}";

    private const int MaxLabels = 100_000;
    private const int MaxTemplates = 1000;

    /// <summary>The classes, in words that the text tower knows.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Sentences with <c>{}</c> for the label; a class is the mean over all of them. CLIP's by default (arXiv 2103.00020, section
    /// 3.1.4).</summary>
    public IReadOnlyList<string> Templates { get; init; } = ["a photo of a {}."];

    /// <summary>
    /// What of a product is embedded. With both, the two embeddings are summed before they are normalised, as the zero-shot baseline of
    /// GLAMI-1M does (arXiv 2211.14451), and a product that has only one of them is classified by that.
    /// </summary>
    public InputModalities Inputs { get; init; } = InputModalities.Both;

    /// <summary>Checks every setting.</summary>
    /// <exception cref="OptionException">One cannot work; the message names it.</exception>
    public void Validate()
    {
        OptionException.Require("number of labels", Labels.Count, 2, MaxLabels, "one label leaves nothing to choose");
        OptionException.Require(
            "number of templates",
            Templates.Count,
            1,
            MaxTemplates,
            "every label is put into a sentence, or into the template {} alone"
        );
        OptionException.Require(!Labels.Any(string.IsNullOrWhiteSpace), "One of the labels is empty.");
        OptionException.Require(Enum.IsDefined(Inputs), $"{nameof(Inputs)} {Inputs} is unknown; there are both, image and text.");
        if (Labels.GroupBy(label => label, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new OptionException($"The label '{twice.Key}' is given twice.");
        }

        if (Templates.FirstOrDefault(template => !template.Contains(Placeholder, StringComparison.Ordinal)) is { } without)
        {
            throw new OptionException(
                $"The template '{without}' has no {Placeholder} for the label; write for instance \"a photo of a {Placeholder}.\""
            );
        }
    }
}
