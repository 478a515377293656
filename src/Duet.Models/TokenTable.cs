// Where a system looks its tokens up: what attribution to words differentiates.
using Duet.Torch.Modules;

namespace Duet.Models;

/// <summary>The table of token vectors.</summary>
/// <param name="Table">The table; <see cref="Embedding.Replace"/> sees the vectors of a batch's tokens.</param>
/// <param name="FirstToken">Which of the batch's tokens the first vector belongs to: 1 where a system leaves the start token out.</param>
public sealed record TokenTable(Embedding Table, int FirstToken = 0);
