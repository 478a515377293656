// Tokenizers whose tokens are joins of two others.
namespace Duet.Text;

/// <summary>A tokenizer that can undo the merge a token came from: what subword regularisation needs.</summary>
public interface ISplittingTokenizer
{
    /// <summary>The two tokens that <paramref name="id"/> was merged from; false for a token that is not a merge.</summary>
    bool TrySplit(int id, out int left, out int right);
}
