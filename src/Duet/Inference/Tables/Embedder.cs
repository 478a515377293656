// Vectors of products, for search and clustering.
using System.Diagnostics;
using System.Text.Json;
using CsvHelper;
using Duet.Data;
using Duet.Torch.Safetensors;

namespace Duet.Inference;

/// <summary>Writes the joint, picture and text embeddings of tables of any size in constant memory.</summary>
/// <param name="model">The model.</param>
public sealed class Embedder(DuetModel model)
{
    private readonly (int? Joint, int? Image, int? Text) _widths = model.Forward.EmbeddingWidths();

    /// <summary>
    /// Writes embeddings, by the output's extension. <c>X.npy</c>: the joint embeddings, float32 <c>[N, D]</c>, beside them
    /// <c>X.image.npy</c> and
    /// <c>X.text.npy</c> where the system has such, and <c>X.ids.csv</c> with every row's id and whether it has a picture and a text (the
    /// vector of one that it does not have is zero). <c>X.jsonl</c>: per row an object with the id and the vectors (null for one that it
    /// does not have). Rows that cannot be used are left out and listed in <c>OUTPUT.quarantine.csv</c>. Each file appears when it is
    /// whole; a pipe or a device gets the lines of <c>.jsonl</c> one by one, and nothing beside it.
    /// </summary>
    /// <param name="source">The table.</param>
    /// <param name="output">The file to write, <c>.npy</c> or <c>.jsonl</c>.</param>
    /// <param name="progress">Called after every batch.</param>
    /// <param name="cancellation">Stops the job; nothing is written then.</param>
    /// <exception cref="TableException">
    /// The table cannot be read, is empty or lacks a column; or the output has another extension; or the system has no embeddings; or more
    /// of the table is lost than <see cref="TableSource.MaxLost"/> allows: then there is no output, and <c>OUTPUT.quarantine.csv</c> lists
    /// what was lost.
    /// </exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The job was stopped.</exception>
    public JobSummary Embed(
        TableSource source,
        string output,
        IProgress<UseProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        var clock = Stopwatch.StartNew();
        if (_widths.Joint is null)
        {
            throw new TableException($"The system {model.Configuration.Model} gives no embeddings.");
        }

        var table = source.Open(model.Configuration.Data, [], splits: false);
        var file = OutputFile.Prepare(output, source.Path);
        var format = Path.GetExtension(file).ToUpperInvariant();
        if (DirectOutput.Is(file))
        {
            format = format is not ".NPY"
                ? ".JSONL"
                : throw new TableException(
                    $"{file} is not a regular file, and an .npy with its companions can only be written as files; write .jsonl to it."
                )
                {
                    File = file,
                };
        }

        var job = new TableJob(model, source, embeddings: true, output: file);
        var products = table.Read(job.Quarantine);
        List<string> files = [];
        OutputFile.Listing(
            file,
            job.Quarantine,
            () =>
                files = format switch
                {
                    ".NPY" => WriteNpy(file, table.IdColumn ?? Predictor.RowColumn, use => job.Run(products, use, progress, cancellation)),
                    ".JSONL" => WriteJsonl(file, use => job.Run(products, use, progress, cancellation)),
                    var other => throw new TableException(
                        $"Embeddings are written as .npy or .jsonl, not as '{other}'; name another output."
                    )
                    {
                        File = file,
                    },
                }
        );
        return new JobSummary(
            job.Rows,
            job.Quarantine,
            job.Encoder.TruncatedTexts,
            clock.Elapsed,
            [.. files, .. OutputFile.WriteQuarantine(file, job.Quarantine)]
        )
        {
            LongTexts = job.Encoder.LongTexts,
            UnseenFeatures = job.Encoder.UnseenFeatures,
            Limit = job.Limit,
        };
    }

    private List<string> WriteNpy(string file, string idColumn, Action<Action<ProductBatch, BatchResult, int>> run)
    {
        List<string> files = [file, Path.ChangeExtension(file, ".ids.csv")];
        if (_widths.Image is not null)
        {
            files.Add(Path.ChangeExtension(file, ".image.npy"));
        }

        if (_widths.Text is not null)
        {
            files.Add(Path.ChangeExtension(file, ".text.npy"));
        }

        WriteAll(
            files,
            [],
            streams =>
            {
                var joint = new NpyWriter(streams[0], _widths.Joint!.Value);
                using var ids = CsvWriter.Create(streams[1], new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
                ids.WriteHeader([idColumn, "has_image", "has_text"]);
                var image = _widths.Image is { } imageWidth ? new NpyWriter(streams[2], imageWidth) : null;
                var text = _widths.Text is { } textWidth ? new NpyWriter(streams[^1], textWidth) : null;
                run(
                    (batch, result, row) =>
                    {
                        var (hasImage, hasText) = (
                            model.Forward.Sees(batch.ImagePresent[row], picture: true),
                            model.Forward.Sees(batch.TextPresent[row], picture: false)
                        );
                        joint.Write(Row(result.Joint, row, _widths.Joint));
                        image?.Write(hasImage ? Row(result.Image, row, _widths.Image) : new float[_widths.Image!.Value]);
                        text?.Write(hasText ? Row(result.Text, row, _widths.Text) : new float[_widths.Text!.Value]);
                        ids.WriteRecord([batch.Ids[row], hasImage ? "true" : "false", hasText ? "true" : "false"]);
                    }
                );
                joint.Finish();
                image?.Finish();
                text?.Finish();
            }
        );
        return files;
    }

    private List<string> WriteJsonl(string file, Action<Action<ProductBatch, BatchResult, int>> run)
    {
        AtomicFile.Write(
            file,
            stream =>
            {
                using var writer = new Utf8JsonWriter(
                    stream,
                    new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
                );
                run(
                    (batch, result, row) =>
                    {
                        writer.WriteStartObject();
                        writer.WriteString("id", batch.Ids[row]);
                        WriteVector(writer, "joint", true, result.Joint, row, _widths.Joint);
                        WriteVector(
                            writer,
                            "image",
                            model.Forward.Sees(batch.ImagePresent[row], picture: true),
                            result.Image,
                            row,
                            _widths.Image
                        );
                        WriteVector(
                            writer,
                            "text",
                            model.Forward.Sees(batch.TextPresent[row], picture: false),
                            result.Text,
                            row,
                            _widths.Text
                        );
                        writer.WriteEndObject();
                        writer.Flush();
                        writer.Reset();
                        stream.WriteByte((byte)'\n');
                    }
                );
            }
        );
        return [file];
    }

    private static void WriteVector(Utf8JsonWriter writer, string name, bool present, float[]? values, int row, int? width)
    {
        if (!present || width is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartArray(name);
        foreach (var value in Row(values, row, width))
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }

    private static ReadOnlySpan<float> Row(float[]? values, int row, int? width) => values.AsSpan(row * width!.Value, width.Value);

    /// <summary>Opens every file under a temporary name and renames them all once the writing is done.</summary>
    private static void WriteAll(List<string> files, List<Stream> open, Action<IReadOnlyList<Stream>> write)
    {
        if (open.Count == files.Count)
        {
            write(open);
            return;
        }

        AtomicFile.Write(
            files[open.Count],
            stream =>
            {
                open.Add(stream);
                WriteAll(files, open, write);
            }
        );
    }
}
