// Leaving inputs out while training, so that models learn to do without.
using Duet.Data;
using Duet.Models;

namespace Duet.Training;

/// <summary>
/// Drops whole pictures and whole texts of a training batch (modality dropout). Every draw depends on seed, epoch and row alone, so that a
/// resumed run drops the same. Only products that have both lose one; none loses both, and a model that
/// looks at one modality alone keeps it.
/// </summary>
public sealed class InputDropout
{
    private const ulong Purpose = 0x64_72_6F_70;

    private readonly TrainingOptions _options;
    private readonly bool _looksAtBoth;

    /// <summary>Creates the dropout of a recipe.</summary>
    /// <param name="options">The recipe.</param>
    /// <param name="modalities">What the model looks at.</param>
    public InputDropout(TrainingOptions options, InputModalities modalities)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _looksAtBoth) = (options, modalities == InputModalities.Both);
    }

    /// <summary>Changes a batch in place.</summary>
    public void Apply(ProductBatch batch, int epoch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        for (var i = 0; i < batch.Count; i++)
        {
            var random = new CounterRandom(_options.Seed ^ Purpose, (ulong)epoch, (ulong)batch.Rows[i]);
            var draw = random.NextDouble();
            if (_looksAtBoth && batch.ImagePresent[i] && batch.TextPresent[i])
            {
                batch.ImagePresent[i] = draw >= _options.ImageDropout;
                batch.TextPresent[i] = draw < _options.ImageDropout || draw >= _options.ImageDropout + _options.TextDropout;
            }
        }
    }
}
