// Loads any supported tokenizer from a folder or file.
using System.Text.Json;

namespace Duet.Text;

/// <summary>Finds out what kind of tokenizer a folder or file holds, and loads it.</summary>
public static class Tokenizers
{
    private static readonly string[] PublishedNames = ["bpe_simple_vocab_16e6.txt.gz", "bpe_simple_vocab.txt.gz"];
    private static readonly string[] Names = [TokenizerJson.FileName, "vocab.json", .. PublishedNames, "vocab.txt"];

    /// <summary>
    /// Loads a tokenizer. In a folder the first of these counts: <c>tokenizer.json</c>; <c>vocab.json</c> with <c>merges.txt</c>;
    /// <c>bpe_simple_vocab*.gz</c>; <c>vocab.txt</c>; the only <c>*.model</c>.
    /// </summary>
    /// <param name="folderOrFile">A folder, or one of these files.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or the folder holds none of them.</exception>
    /// <exception cref="TokenizerFormatException">The file is damaged, too large, or of an unsupported kind.</exception>
    public static ITokenizer Load(string folderOrFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(folderOrFile);
        return LoadFile(Directory.Exists(folderOrFile) ? FindIn(folderOrFile) : folderOrFile);
    }

    /// <summary>Whether a folder holds a tokenizer in one of these forms.</summary>
    public static bool IsIn(string folder) =>
        Array.Exists(Names, name => File.Exists(Path.Combine(folder, name))) || Directory.GetFiles(folder, "*.model").Length == 1;

    private static string FindIn(string folder)
    {
        string? found = Names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (found is not null)
        {
            return found;
        }

        string[] models = Directory.GetFiles(folder, "*.model");
        return models.Length == 1
            ? models[0]
            : throw new FileNotFoundException(
                $"{folder}: holds no tokenizer; expected one of {string.Join(", ", Names)}, or one file *.model (found {models.Length})."
            );
    }

    private static ITokenizer LoadFile(string file)
    {
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"{file}: there is no such tokenizer file.", file);
        }

        string name = Path.GetFileName(file);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if (name is "vocab.json" or "merges.txt")
        {
            return BpeFiles.ReadAny(Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt"));
        }

        return Path.GetExtension(name) switch
        {
            ".json" => VocabularyChecks.InFile(file, () => ReadJson(file)),
            ".gz" => BpeFiles.ReadPublished(file),
            ".txt" => WordPiece.Read(file),
            ".model" => Unigram.Read(file),
            _ => throw new TokenizerFormatException(file, "is not a supported tokenizer file; expected .json, .gz, .txt or .model.", null),
        };
    }

    private static ITokenizer ReadJson(string file)
    {
        using var document = JsonDocument.Parse(VocabularyChecks.ReadFile(file));
        var model = TokenizerJson.Property(document.RootElement, "model", JsonValueKind.Object);
        string? type = TokenizerJson.OptionalText(model, "type");
        return type switch
        {
            "BPE" when GemmaBpeJson.IsIn(model) => GemmaBpeJson.Read(document.RootElement),
            "BPE" => BpeJson.ReadAny(document.RootElement),
            "WordPiece" => WordPieceJson.Read(document.RootElement),
            "Unigram" => UnigramJson.Read(document.RootElement),
            _ => throw new TokenizerFormatException($"model type '{type}' is not supported; expected BPE, WordPiece or Unigram."),
        };
    }
}
