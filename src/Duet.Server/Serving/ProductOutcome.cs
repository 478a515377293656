// What became of one product of a request.
using Duet.Inference;
using Duet.Server.Requests;

namespace Duet.Server.Serving;

/// <summary>An answer, or why there is none.</summary>
/// <param name="Id">The product's id.</param>
/// <param name="Answer">The answer; null where there is a fault.</param>
/// <param name="Fault">The fault; null where there is an answer.</param>
internal sealed record ProductOutcome(string Id, ReadyAnswer? Answer, ProductFault? Fault);
