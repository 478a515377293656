// Runs calibration rows with all their inputs and with fewer, so that every combination of inputs can be certified.
using Duet.Data;
using Duet.Metrics.Calibration;
using Duet.Models;

namespace Duet.Inference;

/// <summary>Gathers the rows of every input pattern that the table's rows have or can be made to have by hiding inputs.</summary>
internal sealed class PatternCollector(DuetModel model)
{
    private readonly InputReader _reader = new(model.Forward, model.Features);
    private readonly Dictionary<InputPattern, PatternRows> _patterns = [];
    private readonly int[] _emptyText = EmptyText(model);

    /// <summary>The patterns, the one with the most inputs first.</summary>
    public IEnumerable<PatternRows> Patterns =>
        _patterns
            .Values.OrderByDescending(rows => rows.Pattern.Picture && rows.Pattern.Text)
            .ThenByDescending(rows => rows.Pattern.Picture)
            .ThenByDescending(rows => rows.Pattern.Features.Count)
            .ThenBy(rows => rows.Pattern.ToString(), StringComparer.Ordinal);

    /// <summary>The forward pass of a batch as it is; further passes with hidden inputs on the way.</summary>
    public BatchResult Run(ProductBatch batch)
    {
        var result = model.Forward.Run(batch, embeddings: true);
        Add(batch, result, batch);
        foreach (var (picture, text, features) in Hidings())
        {
            var less = HiddenInputs.Of(batch, picture, text, features, _emptyText);
            if (Enumerable.Range(0, batch.Count).Any(row => IsHidden(batch, less, row)))
            {
                Add(less, model.Forward.Run(less, embeddings: true), batch);
            }
        }

        return result;
    }

    private void Add(ProductBatch batch, BatchResult result, ProductBatch whole)
    {
        for (var row = 0; row < batch.Count; row++)
        {
            var hidden = IsHidden(whole, batch, row);
            if (!result.Usable[row] || (!hidden && !ReferenceEquals(whole, batch)))
            {
                continue;
            }

            var pattern = _reader.Pattern(batch, row);
            if (!_patterns.TryGetValue(pattern, out var rows))
            {
                _patterns[pattern] = rows = new PatternRows(pattern, model.Schema.Tasks);
            }

            rows.Add(batch, result, row, _reader.Novelty(batch, result, row), hidden);
        }
    }

    private bool IsHidden(ProductBatch whole, ProductBatch less, int row) =>
        !_reader.Pattern(whole, row).Equals(_reader.Pattern(less, row));

    // A model that looks at one of picture and text only has nothing left where that is hidden.
    private IEnumerable<(bool Picture, bool Text, bool Features)> Hidings()
    {
        (bool Picture, bool Text)[] parts =
            model.Model.Options.Modalities == InputModalities.Both ? [(false, false), (true, false), (false, true)] : [(false, false)];
        bool[] features = model.Features.Features.Count > 0 ? [false, true] : [false];
        return parts
            .SelectMany(_ => features, (part, hidden) => (part.Picture, part.Text, hidden))
            .Where(hiding => hiding.Picture || hiding.Text || hiding.hidden);
    }

    private static int[] EmptyText(DuetModel model)
    {
        var row = ProductEncoder.Rows(model.Tokenizer, string.Empty, ModelInputs.Texts(model.Inputs))[0];
        return row.Ids[..row.Length];
    }
}

/// <summary>Hides inputs of a batch, as if the table had never had them.</summary>
internal static class HiddenInputs
{
    /// <summary>A batch without some of its inputs. Texts of further pieces go with the text.</summary>
    /// <param name="host">The batch; it stays as it is.</param>
    /// <param name="picture">Whether pictures are hidden.</param>
    /// <param name="text">Whether texts are hidden.</param>
    /// <param name="features">Whether features become unknown.</param>
    /// <param name="emptyText">The token ids of the empty text.</param>
    public static ProductBatch Of(ProductBatch host, bool picture, bool text, bool features, int[] emptyText) =>
        host.With(
            product =>
            {
                var seen = features ? product with { Features = new int[product.Features.Length] } : product;
                return text ? seen.WithoutText(emptyText) : seen;
            },
            hidePictures: picture
        );
}
