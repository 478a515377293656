// MMBT's network: pooled image tokens and text through one BERT.
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// The multimodal bitransformer (Kiela et al., arXiv 1909.02950; facebookresearch/mmbt). The sequence is
/// <c>[CLS] image tokens [SEP] text</c>. Both parts use the same word, position and segment tables and the same layer norm, each part
/// apart: the picture has segment 0 and positions 0 to N + 1, the text starts at position 0 again with segments 1 (2 for a second
/// sentence).
/// </summary>
public sealed class MultimodalBitransformer : Module
{
    private readonly BitransformerOptions _options;
    private readonly Linear _projection;

    /// <summary>Creates the network.</summary>
    public MultimodalBitransformer(BitransformerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        Image = Add("image", new ResNet(options.Image));
        _projection = Add("projection", new Linear(options.Image.OutputChannels, options.Bert.Width));
        Bert = Add("bert", new BertEncoder(options.Bert));
    }

    /// <summary>The image tower.</summary>
    public ResNet Image { get; }

    /// <summary>The joint encoder.</summary>
    public BertEncoder Bert { get; }

    /// <summary>Positions of the picture's part: [CLS], N tokens, [SEP].</summary>
    public int ImageLength => _options.ImageTokens + 2;

    /// <summary>Reads picture and text.</summary>
    /// <param name="tokens">Text ids without [CLS], <c>[B, L]</c>.</param>
    /// <param name="visible">1 where a text token may be attended to, <c>[B, L]</c>.</param>
    /// <param name="segments">Text segments, <c>[B, L]</c>; null for 1.</param>
    /// <param name="pixels">Normalised pictures, <c>[B, 3, H, W]</c>.</param>
    /// <param name="imagePresent">1 where there is a picture, <c>[B]</c>: the image tokens of the others are hidden. Null as published:
    /// always visible.</param>
    /// <returns>States of all positions <c>[B, N + 2 + L, D]</c> and the pooled state of the picture's [CLS].</returns>
    public BertOutput Forward(Tensor tokens, Tensor visible, Tensor? segments, Tensor pixels, Tensor? imagePresent = null) =>
        Encode(tokens, visible, segments, Image.Forward(pixels), imagePresent);

    /// <summary>Reads a picture's map and text.</summary>
    /// <param name="tokens">Text ids without [CLS], <c>[B, L]</c>.</param>
    /// <param name="visible">1 where a text token may be attended to, <c>[B, L]</c>.</param>
    /// <param name="segments">Text segments, <c>[B, L]</c>; null for 1.</param>
    /// <param name="map">The image tower's map, <c>[B, C, h, w]</c>.</param>
    /// <param name="imagePresent">1 where there is a picture, <c>[B]</c>; null as published: always visible.</param>
    public BertOutput Encode(Tensor tokens, Tensor visible, Tensor? segments, Tensor map, Tensor? imagePresent = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(visible);
        var picture = EmbedImage(map);
        var text = Bert.Embeddings.Forward(tokens, segments ?? ones(tokens.shape, dtype: ScalarType.Int64, device: tokens.device));
        var visibility = cat([ImageVisibility(visible, imagePresent), visible.to(ScalarType.Float32)], 1);
        ForwardRecorder.Report(this, "image_embeddings", picture);
        ForwardRecorder.Report(this, "text_embeddings", text);
        ForwardRecorder.Report(this, "visible", visibility);
        return Bert.Encode(cat([picture, text], 1), visibility);
    }

    /// <summary>
    /// The published freezing schedule: the image tower for the first <paramref name="imageEpochs"/> epochs, BERT's layers (not its
    /// embeddings and pooler) for the first <paramref name="textEpochs"/> (facebookresearch/mmbt, train.py).
    /// </summary>
    /// <param name="epoch">The epoch that begins, from 0.</param>
    /// <param name="imageEpochs">Epochs during which the image tower is frozen; published for Food-101: 3.</param>
    /// <param name="textEpochs">Epochs during which BERT's layers are frozen; published for Food-101: 5.</param>
    public void Freeze(int epoch, int imageEpochs, int textEpochs)
    {
        Image.SetTrainable(epoch >= imageEpochs);
        Bert.Layers.SetTrainable(epoch >= textEpochs);
    }

    private Tensor EmbedImage(Tensor map)
    {
        var pooled = GridPooling.Pool(map, _options.ImageTokens, _options.MaximumPooling);
        var projected = _projection.Forward(pooled);
        ForwardRecorder.Report(this, "pooled_tokens", pooled);
        ForwardRecorder.Report(this, "projected_tokens", projected);
        var embeddings = Bert.Embeddings;
        var sequence = cat([Special(_options.ClassToken, map), projected, Special(_options.SeparatorToken, map)], 1);
        return embeddings.Normalise(sequence.Plus(embeddings.Positions(ImageLength)).Plus(embeddings.Segment(0)));
    }

    private Tensor Special(int token, Tensor map) =>
        Bert.Embeddings.Words(Tensors.Full([map.size(0), 1], token, dtype: ScalarType.Int64, device: map.device));

    private Tensor ImageVisibility(Tensor visible, Tensor? imagePresent)
    {
        var batch = visible.size(0);
        var ends = ones([batch, 1], dtype: ScalarType.Float32, device: visible.device);
        var tokens = imagePresent is null
            ? ones([batch, _options.ImageTokens], dtype: ScalarType.Float32, device: visible.device)
            : imagePresent.to(ScalarType.Float32).unsqueeze(1).expand(-1, _options.ImageTokens);
        return cat([ends, tokens, ends], 1);
    }
}
