// How one system takes towers.
namespace Duet.Models.Pretrained;

/// <summary>One line of <see cref="PretrainedSystems"/>.</summary>
/// <param name="Model">The system's name in the registry.</param>
/// <param name="Slots">Where its towers are.</param>
/// <param name="Describe">The shapes of its towers from its options.</param>
/// <param name="Configure">Its options with the towers' shapes of a source, and everything else as it was.</param>
public sealed record PretrainedSystem(
    string Model,
    IReadOnlyList<TowerSlot> Slots,
    Func<ModelOptions, PretrainedTowers> Describe,
    Func<ModelOptions, PretrainedTowers, ModelOptions> Configure)
{
    /// <summary>A line whose options are <typeparamref name="TOptions"/>.</summary>
    internal static PretrainedSystem Of<TOptions>(
        string model, IReadOnlyList<TowerSlot> slots, Func<TOptions, PretrainedTowers> describe, Func<TOptions, PretrainedTowers, TOptions> configure)
        where TOptions : ModelOptions
        => new(model, slots, options => describe((TOptions)options), (options, towers) => configure((TOptions)options, towers));
}
