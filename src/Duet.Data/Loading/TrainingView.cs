// What decides the random view of a training picture.
namespace Duet.Data;

/// <summary>Seed and epoch; with a product's row they decide which of its pictures is shown and how it is altered.</summary>
internal readonly record struct TrainingView(ulong Seed, long Epoch)
{
    // Keeps this draw apart from others for the same seed, epoch and row.
    private const ulong Purpose = 0x70_69_63_74_75_72_65;

    // And this one apart from that.
    private const ulong TextPurpose = 0x70_69_65_63_65;

    /// <summary>Which piece of a long text to show.</summary>
    public int Piece(long row, int count) => new CounterRandom(Seed ^ TextPurpose, (ulong)Epoch, (ulong)row).Next(count);

    /// <summary>Which of several pictures to show.</summary>
    public int FirstImage(long row, int count) => new CounterRandom(Seed ^ Purpose, (ulong)Epoch, (ulong)row).Next(count);
}
