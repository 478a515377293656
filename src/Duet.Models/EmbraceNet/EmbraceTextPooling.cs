// How EmbraceNet's text tower becomes one vector.
namespace Duet.Models;

/// <summary>How a text's tokens become the vector that is docked.</summary>
public enum EmbraceTextPooling
{
    /// <summary>BERT's pooler on the first token.</summary>
    FirstToken,

    /// <summary>All tokens side by side, those behind the text's end as zeros: GLAMI-1M's baseline.</summary>
    Flatten,
}
