// Writes captions token by token.
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Generation;

/// <summary>
/// Greedy decoding, beam search and nucleus sampling over any model that gives the next token's logits. Every caption begins with the start
/// token; after its end token follows padding. A caption that reaches the maximum length is cut there, without an end token.
/// </summary>
public sealed class CaptionGenerator
{
    private readonly CaptionOptions _options;

    /// <summary>Creates a generator.</summary>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    public CaptionGenerator(CaptionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Captions for pictures.</summary>
    /// <param name="model">A CoCa in evaluation mode.</param>
    /// <param name="pixels"><c>[B, 3, S, S]</c>.</param>
    /// <returns><c>[B, MaximumLength]</c> int64.</returns>
    public Tensor Caption(CoCa model, Tensor pixels)
    {
        ArgumentNullException.ThrowIfNull(model);
        OptionException.Require(
            nameof(CaptionOptions.MaximumLength),
            _options.MaximumLength,
            2,
            model.Options.ContextLength,
            "the model has no positions beyond its context length"
        );
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var (_, image) = model.Image.Encode(pixels);
        return scope.MoveToOuter(Generate(image.size(0), (ids, rows) => model.NextToken(ids, image.index_select(0, rows)), pixels.device));
    }

    /// <summary>Sequences from any next-token model.</summary>
    /// <param name="count">The number B of sequences.</param>
    /// <param name="next">Logits <c>[N, V]</c> of the token after each of the prefixes <c>[N, L]</c>, which belong to the sequences
    /// <c>[N]</c>.</param>
    /// <param name="device">Where the model lives; the CPU by default.</param>
    /// <returns><c>[B, MaximumLength]</c> int64.</returns>
    public Tensor Generate(long count, Func<Tensor, Tensor, Tensor> next, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(next);
        using var recording = no_grad();
        device ??= CPU;
        var captions = new long[count][];
        if (_options.Method == DecodingMethod.Beam)
        {
            for (var row = 0; row < count; row++)
            {
                captions[row] = new BeamSearch(_options).Run(prefixes =>
                    LogProbabilities(prefixes, [.. prefixes.Select(_ => (long)row)], next, device)
                );
            }
        }
        else
        {
            StepByStep(captions, next, device);
        }

        var flat = new long[count * _options.MaximumLength];
        Array.Fill(flat, _options.PaddingId);
        for (var row = 0; row < count; row++)
        {
            captions[row].CopyTo(flat, row * (long)_options.MaximumLength);
        }

        return Tensors.From(flat, count, _options.MaximumLength).to(device);
    }

    private void StepByStep(long[][] captions, Func<Tensor, Tensor, Tensor> next, Device device)
    {
        var sampler = new NucleusSampler(_options);
        var open = Enumerable.Range(0, captions.Length).ToList();
        Array.Fill(captions, [_options.StartId]);
        for (var length = 1; length < _options.MaximumLength && open.Count > 0; length++)
        {
            var scores = LogProbabilities([.. open.Select(row => captions[row])], [.. open.Select(row => (long)row)], next, device);
            for (var k = 0; k < open.Count; k++)
            {
                var chosen = _options.Method == DecodingMethod.TopP ? sampler.Draw(scores[k]) : Largest(scores[k]);
                captions[open[k]] = [.. captions[open[k]], chosen];
            }

            open.RemoveAll(row => captions[row][^1] == _options.EndId);
        }
    }

    private float[][] LogProbabilities(IReadOnlyList<long[]> prefixes, long[] rows, Func<Tensor, Tensor, Tensor> next, Device device)
    {
        using var scope = NewDisposeScope();
        var length = prefixes[0].Length;
        var ids = Tensors.From(prefixes.SelectMany(prefix => prefix).ToArray(), prefixes.Count, length).to(device);
        var logits = next(ids, Tensors.From(rows, rows.Length).to(device));
        var scores = logits.log_softmax(-1).ToArray().Chunk((int)logits.size(1)).ToArray();
        if (length < _options.MinimumLength)
        {
            foreach (var row in scores)
            {
                row[_options.EndId] = float.NegativeInfinity;
            }
        }

        return scores;
    }

    private static int Largest(float[] scores) => Array.IndexOf(scores, scores.Max());
}
