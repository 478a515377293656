// Brings the token sequences of several modalities to one width and joins them.
using Duet.Models.Fusion;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// Every modality's tokens get that modality's learned vector behind their features, as wide as is missing to the common width (the widest
/// modality's plus a minimum that keeps modalities apart), may be replaced by the modality's learned mask token, and are concatenated in
/// the ordinal order of the modalities' names (Perceiver IO, arXiv 2107.14795, multimodal preprocessor).
/// Parameters: <c>padding.NAME</c> <c>[1, missing]</c>, <c>mask.NAME</c> <c>[1, C]</c> for the modalities that can be masked.
/// </summary>
public sealed class ModalityPadding : Module
{
    private readonly string[] _names;
    private readonly Dictionary<string, Tensor> _padding;
    private readonly Dictionary<string, Tensor> _masks;

    /// <summary>Creates the padding; its vectors start from N(0, 0.02).</summary>
    /// <param name="channels">Channels of the tokens of every modality.</param>
    /// <param name="minimumPadding">Channels that even the widest modality gets, at least 0.</param>
    /// <param name="maskable">The modalities that have a mask token.</param>
    /// <exception cref="ArgumentException">There is no modality, a width is below 1, or a maskable modality is unknown.</exception>
    public ModalityPadding(IReadOnlyDictionary<string, long> channels, long minimumPadding, IEnumerable<string> maskable)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(maskable);
        ArgumentOutOfRangeException.ThrowIfNegative(minimumPadding);
        if (channels.Count == 0 || channels.Values.Any(width => width < 1))
        {
            throw new ArgumentException("Name at least one modality, each with at least one channel.", nameof(channels));
        }

        _names = [.. channels.Keys.Order(StringComparer.Ordinal)];
        Width = channels.Values.Max() + minimumPadding;
        var padding = Add("padding", new Vectors());
        _padding = _names.ToDictionary(name => name, name => padding.Add(name, Width - channels[name]), StringComparer.Ordinal);
        var masks = Add("mask", new Vectors());
        _masks = maskable
            .Order(StringComparer.Ordinal)
            .ToDictionary(
                name => name,
                name =>
                    channels.ContainsKey(name)
                        ? masks.Add(name, Width)
                        : throw new ArgumentException(
                            $"'{name}' can be masked but is not a modality: {string.Join(", ", _names)}.",
                            nameof(maskable)
                        ),
                StringComparer.Ordinal
            );
    }

    /// <summary>The common width C.</summary>
    public long Width { get; }

    /// <summary>The modalities in the order of their tokens.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Pads, masks and joins.</summary>
    /// <param name="tokens"><c>[B, M_k, channels_k]</c> of every modality.</param>
    /// <param name="masked">True (boolean <c>[B, M_k]</c>) where a token gives way to its modality's mask token; may leave modalities
    /// out.</param>
    /// <returns><c>[B, M, C]</c> with <c>M = sum M_k</c>.</returns>
    /// <exception cref="ArgumentException">A modality is missing, or one is to be masked that has no mask token.</exception>
    public Tensor Forward(IReadOnlyDictionary<string, Tensor> tokens, IReadOnlyDictionary<string, Tensor>? masked = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return cat(
            Array.ConvertAll(
                _names,
                name =>
                    tokens.TryGetValue(name, out var sequence)
                        ? Mask(name, Pad(name, sequence), masked?.GetValueOrDefault(name))
                        : throw new ArgumentException($"The tokens of modality '{name}' are missing.", nameof(tokens))
            ),
            1
        );
    }

    private Tensor Pad(string name, Tensor tokens)
    {
        var padding = _padding[name];
        return padding.size(1) == 0
            ? tokens
            : cat([tokens, padding.unsqueeze(0).expand(tokens.size(0), tokens.size(1), -1).to(tokens.dtype)], 2);
    }

    private Tensor Mask(string name, Tensor padded, Tensor? masked)
    {
        if (masked is null)
        {
            return padded;
        }

        return _masks.TryGetValue(name, out var token)
            ? token.to(padded.dtype).where(masked.unsqueeze(2), padded)
            : throw new ArgumentException($"Modality '{name}' has no mask token.", nameof(masked));
    }

    // Vectors under chosen names, so that the state's names read `padding.image`.
    private sealed class Vectors : Module
    {
        internal Tensor Add(string name, long width) => AddParameter(name, Tensors.Normal([1, width], 0, 0.02));
    }
}
