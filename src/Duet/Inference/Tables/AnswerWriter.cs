// The rows of a table of answers, in the format that the output's extension names.
using System.Text;
using CsvHelper;
using Duet.Data;
using Duet.Torch.Safetensors;

namespace Duet.Inference;

/// <summary>Writes one row per product: CSV with the columns of whoever asks, or JSON Lines with the names of
/// <see cref="ClassificationJson"/>.</summary>
internal abstract class AnswerWriter : IDisposable
{
    private const string CsvExtension = ".csv";
    private const string JsonLinesExtension = ".jsonl";

    /// <summary>Refuses a file whose extension names no format. A pipe or a device without one gets CSV.</summary>
    /// <exception cref="TableException">The extension is neither .csv nor .jsonl.</exception>
    public static void RequireKnown(string file)
    {
        if (!IsJsonLines(file) && !HasExtension(file, CsvExtension) && !(Path.GetExtension(file).Length == 0 && DirectOutput.Is(file)))
        {
            throw new TableException(
                $"Answers are written as {CsvExtension} or {JsonLinesExtension}, not as '{Path.GetFileName(file)}'; name another output."
            )
            {
                File = file,
            };
        }
    }

    /// <summary>Begins an output.</summary>
    /// <param name="file">The output; its extension names the format.</param>
    /// <param name="stream">Its stream, which stays open.</param>
    /// <param name="header">The columns of a CSV, the id first.</param>
    /// <param name="cells">A product's cells of a CSV behind the id.</param>
    public static AnswerWriter Begin(string file, Stream stream, string[] header, Func<Classification, IEnumerable<string>> cells) =>
        IsJsonLines(file) ? new JsonLines(stream) : new Csv(stream, header, cells);

    /// <summary>Writes a product's row.</summary>
    public abstract void Write(string id, Classification answers);

    /// <inheritdoc/>
    public abstract void Dispose();

    private static bool IsJsonLines(string file) => HasExtension(file, JsonLinesExtension);

    private static bool HasExtension(string file, string extension) => file.EndsWith(extension, StringComparison.OrdinalIgnoreCase);

    private sealed class Csv : AnswerWriter
    {
        private readonly CsvWriter _csv;
        private readonly Func<Classification, IEnumerable<string>> _cells;

        public Csv(Stream stream, string[] header, Func<Classification, IEnumerable<string>> cells)
        {
            _cells = cells;
            _csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
            _csv.WriteHeader(header);
        }

        public override void Write(string id, Classification answers) => _csv.WriteRecord([id, .. _cells(answers)]);

        public override void Dispose() => _csv.Dispose();
    }

    private sealed class JsonLines(Stream stream) : AnswerWriter
    {
        private readonly StreamWriter _lines = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true)
        {
            NewLine = "\n",
        };

        public override void Write(string id, Classification answers) => _lines.WriteLine(ClassificationJson.Line(id, answers));

        public override void Dispose() => _lines.Dispose();
    }
}
