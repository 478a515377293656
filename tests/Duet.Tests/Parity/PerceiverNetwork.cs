// The published single-task Perceiver IO classifier, put together from our parts for the parity tests.
using Duet.Models;
using Duet.Models.Encoders;
using Duet.Models.Fusion;
using Duet.Torch.Modules;

namespace Duet.Tests.Parity;

/// <summary>Readers, padding, latents, one query and a linear classifier, under the names that the name maps lead to.</summary>
internal sealed class PerceiverNetwork : Module
{
    public PerceiverNetwork(
        PerceiverImageReader image,
        PerceiverTextReader? text,
        ModalityPadding? padding,
        LatentEncoder encoder,
        LatentDecoder decoder,
        Linear classifier
    )
    {
        Image = Add("image", image);
        Text = text is null ? null : Add("text", text);
        Padding = padding is null ? null : Add("padding", padding);
        Encoder = Add("encoder", encoder);
        Decoder = Add("decoder", decoder);
        Classifier = Add("classifier", classifier);
    }

    public PerceiverImageReader Image { get; }

    public PerceiverTextReader? Text { get; }

    public ModalityPadding? Padding { get; }

    public LatentEncoder Encoder { get; }

    public LatentDecoder Decoder { get; }

    public Linear Classifier { get; }
}
