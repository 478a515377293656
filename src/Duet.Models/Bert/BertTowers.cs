// Which published weights BERT starts from.
using Duet.Models.Encoders;
using Duet.Models.Pretrained;

namespace Duet.Models;

/// <summary>The towers of BERT.</summary>
internal static class BertTowers
{
    /// <summary>Where they are, and how options and published shapes meet.</summary>
    internal static SystemTowers All { get; } =
        SystemTowers.Of<BertTextOptions>([new(TowerKind.Bert, "bert.")], options => new() { Bert = options.Text.AsEncoder() }, Configure);

    /// <summary>The options of a system with a BERT tower, with the shape of a source's.</summary>
    internal static TOptions Configure<TOptions>(TOptions options, PretrainedTowers towers)
        where TOptions : BertSystemOptions =>
        towers.Bert is not { } bert
            ? options
            : options with
            {
                ContextLength = Math.Min(options.ContextLength, bert.MaximumLength),
                Text = BertTowerOptions.Of(bert),
            };
}
