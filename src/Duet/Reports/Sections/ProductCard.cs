// A product on the page.
using System.Globalization;
using System.Xml.Linq;
using Duet.Explanation;
using Duet.Reports.Charts;
using Duet.Reports.Markup;

namespace Duet.Reports.Sections;

/// <summary>Draws products.</summary>
internal static class ProductCard
{
    private const int TextLength = 160;

    // A word is marked from these shares of the strongest word's score upwards.
    private const double Strong = 0.66;
    private const double Middling = 0.33;
    private const double Weak = 0.1;

    /// <summary>A product with all its answers.</summary>
    public static XElement Of(ShownProduct product) => Html.Of(
        "li.card",
        Html.Of(
            "div.head",
            Picture(product),
            Html.Of(
                "div",
                Html.Of("p.text", product.Text.Length > 0 ? Html.Given(Words.Cut(product.Text, TextLength)) : Html.Of("em", "no text")),
                Html.Of("p.note", "product ", Html.Given(product.Id)))),
        Answers(product),
        product.Explanation is { } explanation ? Why(explanation, product.Picture is not null) : null);

    /// <summary>Its picture, or a box that says that there is none.</summary>
    public static XElement Picture(ShownProduct product)
    {
        var name = product.Text.Length > 0 ? Words.Cut(product.Text, TextLength) : $"product {product.Id}";
        return product.Picture is { } picture
            ? Shown(picture, $"Picture of {name}")
            : Html.Of("div.no-picture", "no picture", Html.Of("span.hidden", $" of {name}"));
    }

    private static XElement Shown(Thumbnail picture, string alternative) => Html.Of(
        "img",
        Html.At("src", picture.DataAddress),
        Html.At("alt", alternative),
        Html.At("width", picture.Width.ToString(CultureInfo.InvariantCulture)),
        Html.At("height", picture.Height.ToString(CultureInfo.InvariantCulture)),
        Html.At("decoding", "async"));

    private static IEnumerable<XElement> Why(ShownExplanation explanation, bool hasPicture) => explanation.Attributions.Select((scores, i) => Html.Of(
        "div.why",
        scores.Overlay is { } overlay
            ? Shown(overlay, Seen(scores.Method, explanation))
            : hasPicture ? Html.Of("div.no-picture", "nothing in the picture") : null,
        Html.Of(
            "div",
            Html.Of("p.note", i == 0 ? (object[])["Why ", Html.Given(explanation.Task), ": ", Html.Given(explanation.Answer), ", by "] : ["By "], Name(scores.Method)),
            Html.Of("p.words", scores.Words.SelectMany(word => new object[] { Word(word.Key, word.Value), " " })))));

    private static string Seen(ExplanationMethod method, ShownExplanation explanation) => method == ExplanationMethod.Occlusion
        ? $"The picture, bright where it speaks for {explanation.Task}: {explanation.Answer}"
        : $"The picture, bright where attention for {explanation.Task} lies";

    private static string Name(ExplanationMethod method) => method == ExplanationMethod.Occlusion ? "occlusion" : "attention";

    private static XElement Word(string text, double score) => score switch
    {
        >= Strong => Html.Of("mark.w3", Html.Given(text)),
        >= Middling => Html.Of("mark.w2", Html.Given(text)),
        >= Weak => Html.Of("mark.w1", Html.Given(text)),
        <= -Middling => Html.Of("mark.against", Html.Given(text)),
        _ => Html.Given(text),
    };

    private static XElement Answers(ShownProduct product)
    {
        var shares = product.Answers.Any(answer => answer.ImageShare is not null);
        var decisions = product.Answers.Any(answer => answer.Decision is not null);
        return Html.Of(
            "table.answers",
            Html.At("role", "table"),
            Html.Of("caption.hidden", $"Answers for product {product.Id}"),
            Html.Of("thead.hidden", Html.At("role", "rowgroup"), Html.Row(
                ((XElement?[])
                [
                    Html.ColumnHead("task"), shares ? Html.ColumnHead("picture and text") : null, Html.ColumnHead("answer"), Html.ColumnHead("probability", number: true),
                    decisions ? Html.ColumnHead("decision") : null,
                ]).OfType<XElement>().Select(head => Html.Named(head, "columnheader")))),
            Html.Of("tbody", Html.At("role", "rowgroup"), product.Answers.Select(answer => Html.Row(
                Html.Named(Html.RowHead(Html.Given(answer.Task)), "rowheader"),
                ((XElement?[])
                [
                    shares ? Html.Of("td.wide", answer.ImageShare is { } share ? Weighed(share) : null) : null,
                    Html.Of("td.answer", Verdict(answer), Html.Given(answer.Answer), answer.Right == false ? Html.Of("span.truth", "true: ", Html.Given(answer.Truth!)) : null),
                    Html.Number(Words.WholePercent(answer.Confidence)),
                    answer.Decision is { } decision ? Decision(decision) : null,
                ]).OfType<XElement>().Select(cell => Html.Named(cell, "cell"))))));
    }

    // Never by colour alone.
    private static XElement Decision(ShownDecision decision) => Html.Of(
        "td.decision", Html.Of(decision.Accepted ? "span.accepted" : "span.review", decision.Text));

    private static IEnumerable<XElement> Weighed(double imageShare) =>
    [
        Html.Of("span.weighed", $"picture {Words.WholePercent(imageShare)}", Html.Of("span.hidden", $", text {Words.WholePercent(1 - imageShare)}")),
        ShareBar.Draw(imageShare),
    ];

    // Never by colour alone.
    private static XElement? Verdict(ShownAnswer answer) => answer.Right switch
    {
        true => Html.Of("span.right", Html.Of("span", Html.At("aria-hidden", "true"), "✓ "), Html.Of("span.hidden", "right: ")),
        false => Html.Of("span.wrong", Html.Of("span", Html.At("aria-hidden", "true"), "✗ "), Html.Of("span.hidden", "wrong: ")),
        null => null,
    };
}
