// Where the labels of zero-shot classification come from.
using System.Text;
using Duet.Data;
using Duet.Models;

namespace Duet.Inference;

/// <summary>Reads label lists.</summary>
public static class ZeroShotLabels
{
    private const long MaxBytes = 16 << 20;

    /// <summary>Labels as they are written on a command line: a text file with one label per line, or the labels themselves with commas
    /// between them.</summary>
    /// <exception cref="OptionException">The file is too large or not UTF-8.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<string> Parse(string labels)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(labels);
        return File.Exists(labels)
            ? FromFile(labels)
            : labels.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The values of a table's column, sorted.</summary>
    /// <param name="model">The model, whose columns the table has.</param>
    /// <param name="source">The table.</param>
    /// <param name="column">The column with one label per row.</param>
    /// <exception cref="TableException">The table has no such column, or fewer than two values in it.</exception>
    public static IReadOnlyList<string> FromColumn(DuetModel model, TableSource source, string column)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        TaskColumn[] columns = [TaskColumn.Single(column)];
        var table = source.Open(model.Configuration.Data, columns, splits: false);
        return TaskSchema.Infer(columns, table.Read(new Quarantine())).Tasks[0].Classes;
    }

    private static string[] FromFile(string path)
    {
        var length = new FileInfo(path).Length;
        OptionException.Require(length <= MaxBytes, $"{path} has {length} bytes; a list of labels has at most {MaxBytes}.");
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(
                File.ReadAllBytes(path)
            );
            return text.TrimStart('\uFEFF').Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }
        catch (DecoderFallbackException e)
        {
            throw new OptionException($"{path} is not UTF-8; write one label per line.", e);
        }
    }
}
