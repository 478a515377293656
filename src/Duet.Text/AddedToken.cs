// A token that is matched in the text as it is, before any cleaning.
namespace Duet.Text;

/// <summary>An entry of <c>added_tokens</c>.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Content">Its spelling.</param>
/// <param name="StripLeft">Whether white space before it belongs to it.</param>
/// <param name="Special">Whether it is for marking rows and never a part of a text.</param>
internal sealed record AddedToken(int Id, string Content, bool StripLeft = false, bool Special = true);
