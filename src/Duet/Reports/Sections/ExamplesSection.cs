// Products to look at.
using System.Xml.Linq;
using Duet.Explanation;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>A gallery of wrong, unsure and right answers.</summary>
internal sealed class ExamplesSection : IReportSection
{
    /// <inheritdoc/>
    public string Id => "examples";

    /// <inheritdoc/>
    public string Title => "Examples";

    /// <inheritdoc/>
    public IEnumerable<XElement> Content(ReportData data)
    {
        if (data.Measured is not { } measured)
        {
            yield return Wanted.Measured(data);
            yield break;
        }

        if (measured.ImageShares.Count > 0)
        {
            yield return Html.Of(
                "p.note.key", Html.Of("span.key-picture", Html.At("aria-hidden", "true")), "picture", Html.Of("span.key-words", Html.At("aria-hidden", "true")), "text: what an answer went by");
        }

        foreach (var note in Explained(data.Run.Folder.Path, [.. measured.Wrong.Concat(measured.Uncertain).Concat(measured.Right).Select(product => product.Explanation).OfType<ShownExplanation>()]))
        {
            yield return Html.Of("p.note", note);
        }

        (string Title, string What, IReadOnlyList<ShownProduct> Products)[] groups =
        [
            ("Wrong", "Mistakes the model was surest of.", measured.Wrong),
            ("Uncertain", "Products the model could least decide.", measured.Uncertain),
            ("Right", "Right in every labelled task, the surest of their kind.", measured.Right),
        ];
        foreach (var (title, what, products) in groups)
        {
            yield return Html.Of("h3", title);
            yield return Html.Of("p.note", products.Count > 0 ? what : "There are none.");
            if (products.Count > 0)
            {
                yield return Html.Of("ul.gallery", products.Select(ProductCard.Of));
            }
        }
    }

    private static IEnumerable<object[]> Explained(string run, IReadOnlyList<ShownExplanation> explanations)
    {
        if (explanations.Count == 0)
        {
            yield break;
        }

        yield return
        [
            "Why: places of the picture from violet (nothing) to yellow (most), and words ", Html.Of("mark.w1", "a little"), " ", Html.Of("mark.w2", "more"), " ", Html.Of("mark.w3", "most"),
            " marked. Asked is the surest mistake, elsewhere the least sure answer.",
        ];
        var methods = explanations.SelectMany(explanation => explanation.Attributions).Select(scores => scores.Method).ToHashSet();
        if (methods.Contains(ExplanationMethod.Occlusion))
        {
            yield return ["Occlusion: what the answer loses without them; ", Html.Of("mark.against", "dotted"), " words speak against it. Faithfulness of this and other methods: duet explain."];
        }

        if (methods.Contains(ExplanationMethod.Rollout))
        {
            yield return
            [
                "Attention: where the answer's attention lies, followed through all blocks (rollout). It shows where the model looks, which is no proof that it matters: ",
                methods.Contains(ExplanationMethod.Occlusion)
                    ? "occlusion, which takes parts away and watches the answer, is nearer to one."
                    : (object[])["occlusion, which takes parts away and watches the answer, is nearer to one, and takes longer: ", Html.Of("code", ShellCommand.Of("duet", "report", run)), "."],
            ];
        }
    }
}
