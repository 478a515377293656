// The sequences of frozen towers, computed once per product and kept in a memory-mapped file: what remains to be trained is small.
using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Duet.Data;
using Duet.Inference;
using Duet.Models;
using Duet.Runs;
using Duet.Text;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Training;

/// <summary>
/// Sequences by table row, in bfloat16. The file is gone when the cache is disposed or the process ends, and a resumed run computes it
/// again, to the same bits.
/// </summary>
internal sealed class SequenceCache : ITowerSequenceStore, IDisposable
{
    private readonly Dictionary<long, (long Start, int Tokens)> _rows = [];
    private readonly List<ProductLoader> _loaders;
    private readonly Device _device;
    private readonly FileStream _file;
    private MemoryMappedFile? _map;
    private MemoryMappedViewAccessor? _view;
    private int _patches;
    private int _imageWidth;
    private int _textWidth;

    private SequenceCache(string path, Device device, List<ProductLoader> loaders)
    {
        (_device, _loaders) = (device, loaders);
        _file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Delete, 1 << 20, FileOptions.DeleteOnClose);

        // Where the system allows it, the name goes at once, so that not even a killed run leaves the file behind.
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }
    }

    /// <summary>An empty cache for the products of a run.</summary>
    /// <exception cref="OptionException">The system does not go on from sequences, or reads long texts in pieces.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static SequenceCache For(ProductModel model, RunFolder folder, Device device, ProductLoader train, ProductLoader? validation)
    {
        OptionException.Require(
            model is ITwoTowers,
            $"cache_towers is on, but {model.GetType().Name} does not go on from the sequences of two towers; cma-clip does."
        );
        OptionException.Require(
            model.Options.LongText != LongText.Chunk,
            "cache_towers keeps one sequence per text, and long_text chunk reads a text in pieces; choose head or head-tail."
        );
        ProductLoader?[] loaders = [train.AsEvaluated(), validation?.AsEvaluated()];
        return new SequenceCache(Path.Combine(folder.Path, "sequences.tmp"), device, [.. loaders.OfType<ProductLoader>()]);
    }

    /// <summary>Runs the towers over all products.</summary>
    /// <param name="model">The model with the weights of its towers.</param>
    /// <param name="precision">The arithmetic.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public void Fill(ProductModel model, Precision precision, ITrainingProgress progress, CancellationToken cancellation)
    {
        using var builder = new BatchBuilder(model.Options, _device);
        var pass = new ForwardPass(model, builder, precision);
        var (training, total) = (model.training, _loaders.Sum(loader => loader.Dataset.Count));
        model.eval();
        progress.Embedded(0, total);
        foreach (var batch in _loaders.SelectMany(loader => loader.Batches(0, cancellation: cancellation)))
        {
            using (batch)
            {
                cancellation.ThrowIfCancellationRequested();
                Add(batch, pass.Use(batch, tensors => Arrays(((ITwoTowers)model).Embed(tensors))));
                progress.Embedded(_rows.Count, total);
            }
        }

        _file.Flush();
        model.train(training);
        progress.Note(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The towers ran once over {total} products; their sequences take {_file.Length / 1e6:0} MB while it trains."
            )
        );
    }

    /// <inheritdoc/>
    public TowerSequences Read(IReadOnlyList<long> rows, int length, Device device)
    {
        _map ??= MemoryMappedFile.CreateFromFile(_file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view ??= _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        var image = new float[rows.Count * _patches * _imageWidth];
        var text = new float[rows.Count * length * _textWidth];
        for (var i = 0; i < rows.Count; i++)
        {
            var (start, tokens) = _rows[rows[i]];
            var patches = _patches * _imageWidth;
            Read(start, image.AsSpan(i * patches, patches));
            Read(start + (patches * sizeof(ushort)), text.AsSpan(i * length * _textWidth, Math.Min(tokens, length) * _textWidth));
        }

        return new TowerSequences(
            Tensors.From(image, rows.Count, _patches, _imageWidth).to(device),
            Tensors.From(text, rows.Count, length, _textWidth).to(device)
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view?.Dispose();
        _map?.Dispose();
        _file.Dispose();
    }

    private (float[] Image, float[] Text) Arrays(TowerSequences sequences)
    {
        var (image, text) = (sequences.Image.to(ScalarType.Float32), sequences.Text.to(ScalarType.Float32));
        (_patches, _imageWidth, _textWidth) = ((int)image.size(1), (int)image.size(2), (int)text.size(2));
        return (image.ToArray(), text.ToArray());
    }

    private void Add(ProductBatch batch, (float[] Image, float[] Text) sequences)
    {
        var patches = _patches * _imageWidth;
        for (var row = 0; row < batch.Count; row++)
        {
            var tokens = batch.TextLengths[row];
            _rows[batch.Rows[row]] = (_file.Position, tokens);
            Write(sequences.Image.AsSpan(row * patches, patches));
            Write(sequences.Text.AsSpan(row * batch.ContextLength * _textWidth, tokens * _textWidth));
        }
    }

    private void Write(ReadOnlySpan<float> values)
    {
        var bits = new ushort[values.Length];
        BFloat16.Round(values, bits);
        _file.Write(MemoryMarshal.AsBytes<ushort>(bits));
    }

    private void Read(long start, Span<float> destination)
    {
        var bits = new ushort[destination.Length];
        _view!.ReadArray(start, bits, 0, bits.Length);
        BFloat16.Widen(bits, destination);
    }
}
