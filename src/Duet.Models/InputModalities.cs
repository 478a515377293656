// Which inputs a model looks at.
namespace Duet.Models;

/// <summary>The inputs a model looks at; the single ones are ablations of a two-modality model.</summary>
public enum InputModalities
{
    /// <summary>Picture and text.</summary>
    Both,

    /// <summary>The picture alone: texts count as missing.</summary>
    Image,

    /// <summary>The text alone: pictures count as missing.</summary>
    Text,
}
