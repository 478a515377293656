// The tokenizer of a new run.
using Duet.Data;
using Duet.Models;
using Duet.Runs;
using Duet.Text;

namespace Duet.Training;

/// <summary>Loads the tokenizer a run names, or trains one on the training split.</summary>
public static class TokenizerFactory
{
    /// <summary>The tokenizer of a configuration.</summary>
    /// <exception cref="OptionException">The named tokenizer is of another kind than the system takes.</exception>
    public static ITokenizer Create(RunConfiguration configuration, IEnumerable<Product> training, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var kind = configuration.Options.Tokenizer;
        if (configuration.Training.TokenizerPath is { } path)
        {
            var loaded = Tokenizers.Load(path);
            OptionException.Require(string.Equals(loaded.Kind, kind, StringComparison.Ordinal), $"{path} holds a {loaded.Kind} tokenizer; {configuration.Model} takes {kind}.");
            return loaded;
        }

        var texts = training.Where(product => product.HasText).Select(product => product.Text);
        var size = configuration.Training.VocabularySize;
        return kind switch
        {
            ByteLevelBpe.KindName => BpeTrainer.Train(texts, new BpeTrainerOptions { VocabularySize = size }, cancellation),
            WordPiece.KindName => WordPieceTrainer.Train(texts, new WordPieceTrainerOptions { VocabularySize = size }, cancellation),
            _ => throw new OptionException($"A {kind} tokenizer cannot be trained here; name one with --tokenizer."),
        };
    }
}
