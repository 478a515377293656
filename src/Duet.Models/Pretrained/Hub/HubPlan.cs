// One file that a pull is about to fetch.
namespace Duet.Models.Pretrained.Hub;

/// <summary>A file to fetch: where from, what it must be, and whether it is there already.</summary>
internal sealed record HubPlan(string Name, Uri Address, HubHash Hash, long? Size, bool Cached);
