// Leaving inputs out while training, so that models learn to do without.
using Duet.Data;

namespace Duet.Training;

/// <summary>
/// Drops whole pictures, whole texts and single tokens of a training batch. Every draw depends on seed, epoch and row alone, so that a
/// resumed run drops the same. Only products that have both lose one; none loses both.
/// </summary>
public sealed class InputDropout
{
    private const ulong Purpose = 0x64_72_6F_70;

    private readonly TrainingOptions _options;
    private readonly int _paddingId;

    /// <summary>Creates the dropout of a recipe.</summary>
    public InputDropout(TrainingOptions options, int paddingId)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _paddingId) = (options, paddingId);
    }

    /// <summary>Changes a batch in place.</summary>
    public void Apply(HostBatch batch, int epoch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        for (var i = 0; i < batch.Count; i++)
        {
            var random = new CounterRandom(_options.Seed ^ Purpose, (ulong)epoch, (ulong)batch.Rows[i]);
            var draw = random.NextDouble();
            if (batch.ImagePresent[i] && batch.TextPresent[i])
            {
                batch.ImagePresent[i] = draw >= _options.ImageDropout;
                batch.TextPresent[i] = draw < _options.ImageDropout || draw >= _options.ImageDropout + _options.TextDropout;
            }

            if (_options.TokenDropout > 0)
            {
                batch.TextLengths[i] = DropTokens(batch.TokenIds.AsSpan(i * batch.ContextLength, batch.ContextLength), batch.TextLengths[i], ref random);
            }
        }
    }

    // Start and end stay; what remains moves together.
    private int DropTokens(Span<long> ids, int length, ref CounterRandom random)
    {
        var kept = 1;
        for (var position = 1; position < length; position++)
        {
            if (position == length - 1 || random.NextDouble() >= _options.TokenDropout)
            {
                ids[kept++] = ids[position];
            }
        }

        ids[kept..].Fill(_paddingId);
        return kept;
    }
}
