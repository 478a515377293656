// How a loss is summed up.
namespace Duet.Torch;

/// <summary>How a loss over many elements becomes one number; the numbers are those of <c>at::Reduction</c>.</summary>
public enum Reduction
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>The mean (of the elements that count).</summary>
    Mean = 1,

    /// <summary>The sum.</summary>
    Sum = 2,
}
