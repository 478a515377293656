// Runs calibration rows with all their inputs and with fewer, so that every combination of inputs can be certified.
using Duet.Data;
using Duet.Metrics.Calibration;
using Duet.Models;

namespace Duet.Inference;

/// <summary>Gathers the rows of every input pattern that the table's rows have or can be made to have by hiding inputs.</summary>
internal sealed class PatternCollector(DuetModel model)
{
    private readonly InputReader _reader = new(model.Runner, model.Features);
    private readonly Dictionary<InputPattern, PatternRows> _patterns = [];
    private readonly IReadOnlyList<int> _emptyText = EmptyText(model);

    /// <summary>The patterns, the one with the most inputs first.</summary>
    public IEnumerable<PatternRows> Patterns =>
        _patterns
            .Values.OrderByDescending(rows => rows.Pattern.Picture && rows.Pattern.Text)
            .ThenByDescending(rows => rows.Pattern.Picture)
            .ThenByDescending(rows => rows.Pattern.Features.Count)
            .ThenBy(rows => rows.Pattern.ToString(), StringComparer.Ordinal);

    /// <summary>The forward pass of a batch as it is; further passes with hidden inputs on the way.</summary>
    public BatchResult Run(HostBatch batch)
    {
        var result = model.Runner.Run(batch, embeddings: true);
        Add(batch, result, batch);
        foreach (var (picture, text, features) in Hidings())
        {
            var less = HiddenInputs.Of(batch, picture, text, features, _emptyText);
            if (Enumerable.Range(0, batch.Count).Any(row => IsHidden(batch, less, row)))
            {
                Add(less, model.Runner.Run(less, embeddings: true), batch);
            }
        }

        return result;
    }

    private void Add(HostBatch batch, BatchResult result, HostBatch whole)
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

    private bool IsHidden(HostBatch whole, HostBatch less, int row) => !_reader.Pattern(whole, row).Equals(_reader.Pattern(less, row));

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
