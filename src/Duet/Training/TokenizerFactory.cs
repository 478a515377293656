// The tokenizer of a new run.
using Duet.Data;
using Duet.Models;
using Duet.Models.Pretrained;
using Duet.Runs;
using Duet.Text;

namespace Duet.Training;

/// <summary>Loads the tokenizer a run names, or trains one on the training split.</summary>
public static class TokenizerFactory
{
    /// <summary>The tokenizer of a configuration: the one it names, else its pre-trained source's, else one trained on the training
    /// split.</summary>
    /// <exception cref="OptionException">
    /// The named tokenizer is of another kind than the system takes, or none is named and the kind cannot be trained (<c>unigram</c>).
    /// </exception>
    /// <exception cref="PretrainedException">The pre-trained text tower has no tokenizer, or one that does not match its embedding
    /// table.</exception>
    public static ITokenizer Create(RunConfiguration configuration, IEnumerable<Product> training, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var kind = configuration.Options.Tokenizer;
        if (configuration.Training.TokenizerPath is { } path)
        {
            var loaded = Tokenizers.Load(path);
            loaded = string.Equals(kind, SigLipTokenizer.KindName, StringComparison.Ordinal)
                ? SigLipTokenizer.From(loaded) ?? loaded
                : loaded;
            OptionException.Require(
                string.Equals(loaded.Kind, kind, StringComparison.Ordinal),
                $"{path} holds a {loaded.Kind} tokenizer; {configuration.Model} takes {kind}."
            );
            CheckVocabulary(loaded, path, configuration.Training.Pretrained, cancellation);
            return loaded;
        }

        if (configuration.Training.Pretrained is { } pretrained && FromSources(pretrained, configuration, cancellation) is { } published)
        {
            return published;
        }

        var texts = training.Where(product => product.HasText).Select(product => product.Text);
        var size = configuration.Training.VocabularySize;
        return kind switch
        {
            ClipBpe.KindName => BpeTrainer.Train(texts, new BpeTrainerOptions { VocabularySize = size }, cancellation),
            WordPiece.KindName => WordPieceTrainer.Train(texts, new WordPieceTrainerOptions { VocabularySize = size }, cancellation),
            _ => throw new OptionException($"A {kind} tokenizer cannot be trained here; name one with --set tokenizer_path=PATH."),
        };
    }

    // Every row of a pre-trained word table belongs to one id of its own tokenizer.
    private static void CheckVocabulary(ITokenizer tokenizer, string path, string? pretrained, CancellationToken cancellation)
    {
        var sources = pretrained is null ? [] : PretrainedSource.OpenAll(pretrained, cancellation: cancellation);
        try
        {
            foreach (var source in sources)
            {
                OptionException.Require(
                    source.Towers.VocabularySize is not { } rows || source.Towers.T5 is not null || rows == tokenizer.VocabularySize,
                    $"{path} has {tokenizer.VocabularySize} ids, and the text tower of {source.Name} was trained with "
                        + $"{source.Towers.VocabularySize}: it is the vocabulary of another tower. Leave tokenizer_path out; the source "
                        + $"brings its own tokenizer."
                );
            }
        }
        finally
        {
            foreach (var source in sources)
            {
                source.Dispose();
            }
        }
    }

    // A pre-trained text tower knows its own vocabulary only.
    private static ITokenizer? FromSources(string pretrained, RunConfiguration configuration, CancellationToken cancellation)
    {
        var sources = PretrainedSource.OpenAll(pretrained, cancellation: cancellation);
        try
        {
            if (sources.FirstOrDefault(source => source.Towers.Tokenizer is not null) is not { } source)
            {
                return null;
            }

            var tokenizer =
                source.LoadTokenizer()
                ?? throw new PretrainedException(
                    $"{source.Folder} holds a text tower and no tokenizer; put the tokenizer it was trained with there, or name it "
                        + $"with --set tokenizer_path=PATH."
                );
            OptionException.Require(
                string.Equals(tokenizer.Kind, configuration.Options.Tokenizer, StringComparison.Ordinal),
                $"{source.Folder} holds a {tokenizer.Kind} tokenizer; the run's options ask for {configuration.Options.Tokenizer}."
            );
            return tokenizer;
        }
        finally
        {
            foreach (var source in sources)
            {
                source.Dispose();
            }
        }
    }
}
