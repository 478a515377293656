// The options that name a table for a trained model and say where its columns differ from those of training.
using System.CommandLine;
using Duet.Inference;

namespace Duet.Cli.Settings;

/// <summary>A table to use a model on.</summary>
/// <param name="splits">Whether the command knows splits.</param>
internal sealed class SourceOptionSet(bool splits)
{
    private readonly Option<string?> id = new("--id")
    {
        HelpName = "COLUMN",
        Description = "The column that identifies a product, where it is another one than in training.",
    };

    private readonly Option<string?> splitColumn = new("--split-column")
    {
        HelpName = "COLUMN",
        Description = "The column that names splits, where it is another one than in training.",
    };

    private readonly Option<char?> delimiter = new("--delimiter")
    {
        HelpName = "CHAR",
        Description = "The delimiter of a delimited table (a comma, or a tab for .tsv).",
    };

    private readonly Option<string[]> imageFolder = new("--image-folder")
    {
        HelpName = "FOLDER",
        Description = "A folder besides the table's own that pictures may lie in.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>The table.</summary>
    public Option<string?> Data { get; } = new("--data")
    {
        HelpName = "FILE",
        Description = "A table: .csv, .tsv, .jsonl or .ndjson, with picture paths relative to the table's own folder; or another data set's file or folder, see --data-format.",
    };

    /// <summary>Text columns, or a product's texts.</summary>
    public Option<string[]> Text { get; } = new("--text")
    {
        HelpName = "COLUMN",
        Description = "A text column of --data, where it is another one than in training. May be given again.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Picture columns, or a product's pictures.</summary>
    public Option<string[]> Image { get; } = new("--image")
    {
        HelpName = "COLUMN",
        Description = "A picture column of --data, where it is another one than in training. May be given again.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Data, DataFormatOption.Source, Text, Image, id, .. (Option[])(splits ? [splitColumn] : []), delimiter, imageFolder])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The table that was asked for.</summary>
    /// <exception cref="UsageException">None was named, or it is not there.</exception>
    public TableSource Read(ParseResult parsed)
    {
        var path = parsed.GetValue(Data) ?? throw new UsageException("--data is missing: name the table.");
        if (!Path.Exists(path))
        {
            throw new UsageException($"--data names {path}, which is not there.");
        }

        return new TableSource(path)
        {
            Format = DataFormatOption.Read(parsed, DataFormatOption.Source),
            IdColumn = parsed.GetValue(id),
            TextColumns = parsed.GetValue(Text) is { Length: > 0 } text ? text : null,
            ImageColumns = parsed.GetValue(Image) is { Length: > 0 } image ? image : null,
            SplitColumn = splits ? parsed.GetValue(splitColumn) : null,
            Delimiter = parsed.GetValue(delimiter),
            ImageFolders = [.. (parsed.GetValue(imageFolder) ?? []).Select(Path.GetFullPath)],
        };
    }
}
