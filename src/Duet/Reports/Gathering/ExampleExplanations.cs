// Explains the answers of the products that a report shows.
using Duet.Data;
using Duet.Explanation;
using Duet.Inference;
using Duet.Models;
using Duet.Vision;

namespace Duet.Reports.Gathering;

/// <summary>
/// Explains by occlusion, which works for every system (what the answer loses when a word is left out or a part of the picture is covered),
/// and by attention rollout where the system has attention.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="pictures">Keeps overlays in the budget of all pictures.</param>
/// <param name="occlusion">Whether to cover and leave out, which takes long; without it attention is all there is.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class ExampleExplanations(DuetModel model, ThumbnailMaker pictures, bool occlusion, CancellationToken cancellation)
{
    private const int MaxWords = 40;

    // An overlay's colours run to the picture's own highest score: where words carry nearly all, they would make much of nothing.
    private const double Noticeable = 0.1;

    private readonly Explainer _explainer = new(model);

    /// <summary>Explains one answer.</summary>
    /// <param name="product">The product.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="shownPicture">The picture that the model has seen; null for none.</param>
    public ShownExplanation? Of(Product product, ShownAnswer answer, string? shownPicture)
    {
        cancellation.ThrowIfCancellationRequested();
        var features = model.Features.Features.Zip(product.Features).Where(pair => pair.Second is not null);
        var input = ProductInput.Of(shownPicture, product.Text) with
        {
            Features = features.ToDictionary(pair => pair.First.Column, pair => pair.Second!, StringComparer.Ordinal),
        };
        ExplanationMethod[] methods = occlusion ? [ExplanationMethod.Occlusion, ExplanationMethod.Rollout] : [ExplanationMethod.Rollout];
        var options = new ExplanationOptions
        {
            Task = answer.Task,
            Methods = methods,
            RandomOrders = 0,
            WordMaps = false,
        };
        ProductExplanation explained;
        try
        {
            explained = _explainer.Explain(input, options, cancellation: cancellation);
        }
        catch (Exception e) when (e is ProductInputException or ImageDecodeException)
        {
            // Without its broken picture there is nothing left that the model looks at, or the picture went away meanwhile; the card then
            // has no explanation.
            return null;
        }
        catch (OptionException) when (!occlusion)
        {
            // The system has no attention.
            return null;
        }

        var task = explained.Tasks[0];
        return task.Attributions.Count == 0
            ? null
            : new ShownExplanation(
                answer.Task,
                task.Label,
                [
                    .. task.Attributions.Select(scores => new ShownAttribution(
                        scores.Method,
                        Drawn(explained, scores),
                        Words(explained, scores)
                    )),
                ]
            );
    }

    private Thumbnail? Drawn(ProductExplanation explained, Attribution scores) =>
        explained.Picture is { } picture && scores.Patches is { } patches && Notice(scores, patches)
            ? pictures.Keep(side => Overlay.Draw(picture, patches, side))
            : null;

    // Occlusion's scores of words and of the picture are losses of the same log-odds, attention's are shares of the same whole; but a word
    // is one, and of attention each of the many cells has only its part, so these are counted together.
    private static bool Notice(Attribution scores, PatchGrid patches) =>
        scores.Method == ExplanationMethod.Occlusion
            ? patches.Scores.Max() > Noticeable * Strongest(scores)
            : patches.Scores.Sum() > Noticeable * (scores.Words?.Sum() ?? 0);

    private static double Strongest(Attribution scores) => scores.Words is { Count: > 0 } words ? words.Max(Math.Abs) : 0;

    private static KeyValuePair<string, double>[] Words(ProductExplanation explained, Attribution scores)
    {
        if (scores.Words is not { Count: > 0 } words)
        {
            return [];
        }

        var strongest = Math.Max(Strongest(scores), double.Epsilon);
        return [.. explained.Words.Zip(words, (word, score) => KeyValuePair.Create(word.Text, score / strongest)).Take(MaxWords)];
    }
}
