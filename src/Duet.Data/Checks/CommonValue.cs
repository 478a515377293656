// A picture or text that occurs in many rows.
namespace Duet.Data.Checks;

/// <summary>What occurs in so many rows that it says nothing about a product: a shop's logo, a stock sentence.</summary>
/// <param name="What"><c>picture</c> or <c>text</c>.</param>
/// <param name="Value">The first file with the picture, or the text as its first row has it.</param>
/// <param name="Rows">How many rows have it.</param>
public sealed record CommonValue(string What, string Value, int Rows);
