// Which network reads EmbraceNet's texts.
namespace Duet.Models;

/// <summary>The network that reads texts.</summary>
public enum EmbraceTextEncoder
{
    /// <summary>BERT, RoBERTa or XLM-R.</summary>
    Bert,

    /// <summary>T5's encoder: GLAMI-1M's baseline has that of mT5-small.</summary>
    T5,
}
