// The options that name a table for a trained model and say where its columns differ from those of training.
using System.CommandLine;
using Duet.Inference;

namespace Duet.Cli.Settings;

/// <summary>A table to use a model on.</summary>
/// <param name="splits">Whether the command knows splits.</param>
internal sealed class SourceOptionSet(bool splits)
{
    private readonly Option<string?> _id = new("--id")
    {
        HelpName = "COLUMN",
        Description = "The column that identifies a product, if it differs from training.",
    };

    private readonly Option<string?> _splitColumn = new("--split-column")
    {
        HelpName = "COLUMN",
        Description = "The column that names splits, if it differs from training.",
    };

    private readonly Option<string?> _encoding = LossOptions.Encoding("that of training");

    private readonly Option<string[]> _placeholder = LossOptions.Placeholder(", in addition to those of training");

    private readonly SettingOption _maxLost = LossOptions.MaxLost(" beyond the share that training lost");

    private readonly Option<string[]> _imageFolder = new("--image-folder")
    {
        HelpName = "FOLDER",
        Description =
            "A folder that symbolic links in the table's own folder may lead to (the run's own, for the table it was trained on).",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>The table.</summary>
    public Option<string?> Data { get; } =
        new("--data")
        {
            HelpName = "FILE",
            Description =
                "A table: .csv, .tsv, .jsonl or .ndjson, with picture paths relative to the table's own folder; or another data set's "
                + "file or folder, see --data-format.",
        };

    /// <summary>Text columns, or a product's texts.</summary>
    public Option<string[]> Text { get; } =
        new("--text")
        {
            HelpName = "COLUMN",
            Description = "A text column of --data, if it differs from training. May be given again.",
            Arity = ArgumentArity.OneOrMore,
        };

    /// <summary>Picture columns, or a product's pictures.</summary>
    public Option<string[]> Image { get; } =
        new("--image")
        {
            HelpName = "COLUMN",
            Description = "A picture column of --data, if it differs from training. May be given again.",
            Arity = ArgumentArity.OneOrMore,
        };

    /// <summary>Feature columns, or a product's features.</summary>
    public Option<string[]> Feature { get; } =
        new("--feature")
        {
            HelpName = "COLUMN",
            Description = "A feature column of --data, if it differs from training. Name as many as the run has, in its order.",
            Arity = ArgumentArity.OneOrMore,
        };

    private readonly Option<bool> _withoutFeatures = new("--without-features")
    {
        Description = "The table lacks the run's feature columns: every feature counts as unknown.",
    };

    private readonly Option<bool> _withoutImage = new("--without-image")
    {
        Description = "The table has no pictures, or they should be ignored: every product is classified by its text alone.",
    };

    private readonly Option<bool> _withoutText = new("--without-text")
    {
        Description = "The table has no texts, or they should be ignored: every product is classified by its picture alone.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (
            var option in (Option[])
                [
                    Data,
                    DataFormatOption.Source,
                    Text,
                    Image,
                    Feature,
                    _withoutText,
                    _withoutImage,
                    _withoutFeatures,
                    _id,
                    .. (Option[])(splits ? [_splitColumn] : []),
                    DelimiterOption.Source,
                    _encoding,
                    _imageFolder,
                    _placeholder,
                    _maxLost,
                ]
        )
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The table that was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="session">Receives, once, what was assumed about the table.</param>
    /// <exception cref="UsageException">None was named, or it is not there.</exception>
    public TableSource Read(ParseResult parsed, Session session)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        var path = parsed.GetValue(Data) ?? throw new UsageException("--data is missing: name the table.");
        if (!Path.Exists(path))
        {
            throw new UsageException($"--data names {path}, which is not there.");
        }

        var table = new TableSource(path)
        {
            Format = DataFormatOption.Read(parsed, DataFormatOption.Source),
            IdColumn = parsed.GetValue(_id),
            TextColumns = Columns(parsed, Text, _withoutText),
            ImageColumns = Columns(parsed, Image, _withoutImage),
            FeatureColumns = Columns(parsed, Feature, _withoutFeatures),
            SplitColumn = splits ? parsed.GetValue(_splitColumn) : null,
            Delimiter = DelimiterOption.Read(parsed, DelimiterOption.Source),
            Encoding = parsed.GetValue(_encoding),
            Placeholders = LossOptions.Hashes(parsed.GetValue(_placeholder)) ?? [],
            Note = note =>
            {
                // A table may be opened several times.
                if (told.Add(note))
                {
                    session.Terminal.Remark(note);
                }
            },
            ImageFolders = [.. (parsed.GetValue(_imageFolder) ?? []).Select(Path.GetFullPath)],
        };
        return SettingOption.Apply([_maxLost], parsed, table);
    }

    /// <summary>What may be lost, where it was said, for a command that does without --data.</summary>
    public double? ReadMaxLost(ParseResult parsed) =>
        parsed.GetValue(_maxLost) is null ? null : SettingOption.Apply([_maxLost], parsed, new TableSource(string.Empty)).MaxLost;

    // Named columns; none where the table is said to have none; the run's own (null) where nothing is said.
    private static string[]? Columns(ParseResult parsed, Option<string[]> columns, Option<bool> without)
    {
        var named = parsed.GetValue(columns) is { Length: > 0 } given ? given : null;
        return (parsed.GetValue(without), named) switch
        {
            (true, not null) => throw new UsageException($"{columns.Name} and {without.Name} contradict each other; leave one out."),
            (true, null) => [],
            _ => named,
        };
    }

    /// <summary>A product's features from <c>COLUMN=VALUE</c> texts.</summary>
    /// <exception cref="UsageException">A text has no column or equals sign, or a column is given twice.</exception>
    public static Dictionary<string, string> Values(IEnumerable<string>? assignments)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var assignment in assignments ?? [])
        {
            if (assignment.Split('=', 2) is not [{ Length: > 0 } column, var value])
            {
                throw new UsageException($"--feature takes COLUMN=VALUE for a single product, not '{assignment}'.");
            }

            if (!values.TryAdd(column, value))
            {
                throw new UsageException($"--feature names {column} twice.");
            }
        }

        return values;
    }
}
