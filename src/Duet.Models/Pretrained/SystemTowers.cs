// How one system takes towers.
namespace Duet.Models.Pretrained;

/// <summary>The parts of a system that can start from published weights; its descriptor holds them.</summary>
/// <param name="Slots">Where its towers are.</param>
/// <param name="Describe">The shapes of its towers from its options.</param>
/// <param name="Configure">Its options with the towers' shapes of a source, and everything else as it was.</param>
public sealed record SystemTowers(
    IReadOnlyList<TowerSlot> Slots,
    Func<ModelOptions, PretrainedTowers> Describe,
    Func<ModelOptions, PretrainedTowers, ModelOptions> Configure
)
{
    /// <summary>The towers of a system whose options are <typeparamref name="TOptions"/>.</summary>
    public static SystemTowers Of<TOptions>(
        IReadOnlyList<TowerSlot> slots,
        Func<TOptions, PretrainedTowers> describe,
        Func<TOptions, PretrainedTowers, TOptions> configure
    )
        where TOptions : ModelOptions =>
        new(slots, options => describe((TOptions)options), (options, towers) => configure((TOptions)options, towers));
}
