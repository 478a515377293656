// Which published weights EmbraceNet starts from.
using Duet.Models.Encoders;
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>The towers of EmbraceNet.</summary>
internal static class EmbraceNetTowers
{
    /// <summary>Where they are, and how options and published shapes meet.</summary>
    internal static SystemTowers All { get; } =
        SystemTowers.Of<EmbraceNetOptions>(
            [new(TowerKind.Bert, "text."), new(TowerKind.T5, "text."), new(TowerKind.ResNet, "image.")],
            Describe,
            Configure
        );

    private static PretrainedTowers Describe(EmbraceNetOptions options) =>
        options.TextEncoder == EmbraceTextEncoder.T5
            ? new(TowerKind.T5, TowerKind.ResNet) { T5 = options.T5, ResNet = options.Image }
            : new(TowerKind.Bert, TowerKind.ResNet) { Bert = options.Text.AsEncoder(), ResNet = options.Image };

    private static EmbraceNetOptions Configure(EmbraceNetOptions options, PretrainedTowers towers)
    {
        var pictured = towers.ResNet is not { } network
            ? options
            : options with
            {
                Image = network,
                PixelMean = towers.PixelMean ?? options.PixelMean,
                PixelDeviation = towers.PixelDeviation ?? options.PixelDeviation,
            };
        return towers switch
        {
            { T5: { } t5 } => pictured with { TextEncoder = EmbraceTextEncoder.T5, T5 = t5, TextPooling = EmbraceTextPooling.Flatten },
            { Bert: { } bert } => pictured with
            {
                TextEncoder = EmbraceTextEncoder.Bert,
                ContextLength = Math.Min(options.ContextLength, bert.MaximumLength),
                Text = BertTowerOptions.Of(bert),
            },
            _ => pictured,
        };
    }
}
