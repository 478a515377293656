// Products to look at.
using System.Xml.Linq;
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

        if (measured.Wrong.Concat(measured.Uncertain).Concat(measured.Right).Any(product => product.Explanation is not null))
        {
            yield return Html.Of(
                "p.note",
                "Why: places of the picture from violet (nothing) to yellow, and words ", Html.Of("mark.w1", "a little"), " ", Html.Of("mark.w2", "more"), " ", Html.Of("mark.w3", "most"),
                " marked, carry the answer: without them it loses that much. ", Html.Of("mark.against", "Dotted"), " words speak against it. Asked is the surest mistake, elsewhere the least sure answer. Faithfulness of this and other methods: duet explain.");
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
}
