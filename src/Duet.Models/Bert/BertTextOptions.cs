// The settings of BERT alone.
namespace Duet.Models;

/// <summary>BERT's settings as a system of its own. Defaults are those of BERT-base.</summary>
public sealed record BertTextOptions : BertSystemOptions;
