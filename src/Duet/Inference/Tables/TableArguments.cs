// The words of a command line that name a table as a job read it.
using System.Globalization;
using Duet.Data;

namespace Duet.Inference;

/// <summary>Turns a <see cref="TableSource"/> back into options, so that a command that is shown reads the table in the same way.</summary>
internal static class TableArguments
{
    /// <summary>The table, and where its columns or limits are other ones than the run's or the usual.</summary>
    /// <param name="source">The table.</param>
    /// <param name="splits">Whether the command knows <c>--split-column</c>.</param>
    public static IReadOnlyList<string> Of(TableSource source, bool splits = true) =>
        [
            "--data",
            source.Path,
            .. source.Format is DataFormat.Auto or DataFormat.Table ? (string[])[] : ["--data-format", DataFormats.NameOf(source.Format)],
            .. source.TextColumns is { Count: 0 } ? ["--without-text"] : Named("--text", source.TextColumns),
            .. source.ImageColumns is { Count: 0 } ? ["--without-image"] : Named("--image", source.ImageColumns),
            .. source.FeatureColumns is { Count: 0 } ? ["--without-features"] : Named("--feature", source.FeatureColumns),
            .. Named("--id", source.IdColumn is { } id ? [id] : null),
            .. Named("--split-column", splits && source.SplitColumn is { } column ? [column] : null),
            .. Named("--delimiter", source.Delimiter is { } delimiter ? [delimiter is '\t' ? "\\t" : delimiter.ToString()] : null),
            .. Named("--encoding", source.Encoding is { } encoding ? [encoding] : null),
            .. Named("--image-folder", source.ImageFolders),
            .. Named("--placeholder", source.Placeholders),
            .. source.MaxLost.Equals(LossLimit.DefaultShare)
                ? (string[])[]
                : ["--max-lost", source.MaxLost.ToString(CultureInfo.InvariantCulture)],
        ];

    private static IEnumerable<string> Named(string option, IReadOnlyList<string>? values) =>
        (values ?? []).SelectMany(value => (string[])[option, value]);
}
