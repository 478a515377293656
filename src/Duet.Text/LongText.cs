// The choices for texts longer than a model's context.
namespace Duet.Text;

/// <summary>What to do with a text that has more tokens than the context holds.</summary>
public enum LongText
{
    /// <summary>Keep the first tokens.</summary>
    Head,

    /// <summary>Keep the first three quarters of the room from the beginning and the rest from the end.</summary>
    HeadTail,

    /// <summary>Cut into several rows and pool their results; a tokenizer asked for one row gives the first chunk.</summary>
    Chunk,
}
