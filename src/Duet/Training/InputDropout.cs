// Leaving inputs out while training, so that models learn to do without.
using Duet.Data;

namespace Duet.Training;

/// <summary>
/// Drops whole pictures and whole texts of a training batch (modality dropout). Every draw depends on seed, epoch and row alone, so that a
/// resumed run drops the same. Only products that have both lose one; none loses both.
/// </summary>
public sealed class InputDropout
{
    private const ulong Purpose = 0x64_72_6F_70;

    private readonly TrainingOptions _options;

    /// <summary>Creates the dropout of a recipe.</summary>
    public InputDropout(TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
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
        }
    }
}
