// One line of the quarantine list.
namespace Duet.Data;

/// <summary>A row or picture that was set aside.</summary>
/// <param name="Row">The table row, 1-based.</param>
/// <param name="Id">The product's id; empty where the row could not be read that far.</param>
/// <param name="File">The picture or table file at fault.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">What exactly, in words.</param>
/// <param name="RowRefused">Whether the whole row was left out; otherwise the product is used with what is left of it.</param>
public sealed record QuarantineEntry(long Row, string Id, string File, QuarantineReason Reason, string Detail, bool RowRefused);
