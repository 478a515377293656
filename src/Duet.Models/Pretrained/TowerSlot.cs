// Where a system holds a tower.
namespace Duet.Models.Pretrained;

/// <summary>One line of the table of systems: the part of a system that takes a tower.</summary>
/// <param name="Tower">The kind of tower it takes.</param>
/// <param name="Prefix">What the system's names of its tensors begin with, with the dot.</param>
public sealed record TowerSlot(TowerKind Tower, string Prefix);
