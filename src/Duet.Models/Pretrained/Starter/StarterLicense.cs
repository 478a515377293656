// Under which conditions a part of the starter weights may be used.
namespace Duet.Models.Pretrained.Starter;

/// <summary>A licence.</summary>
/// <param name="Of">What is under it.</param>
/// <param name="Identifier">Its SPDX identifier.</param>
/// <param name="Holder">Who gives it.</param>
/// <param name="Address">Where to read more.</param>
internal sealed record StarterLicense(string Of, string Identifier, string Holder, string Address);
