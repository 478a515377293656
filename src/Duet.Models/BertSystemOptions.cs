// What the settings of all systems around BERT have in common.
using Duet.Models.Encoders;

namespace Duet.Models;

/// <summary>The settings of a system around BERT.</summary>
public abstract record BertSystemOptions : ModelOptions
{
    /// <inheritdoc/>
    public override string Tokenizer { get; init; } = "wordpiece";

    /// <summary>The encoder.</summary>
    public BertTowerOptions Text { get; init; } = new();

    /// <summary>Width of the hidden layer of each task's head; 0, the published way, makes the heads linear.</summary>
    public int HeadWidth { get; init; }

    /// <summary>Dropout before each task's last layer.</summary>
    public double HeadDropout { get; init; } = 0.1;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Text.Validate(ContextLength);
        OptionException.Require("head_width", HeadWidth, 0, 65536, "0 makes the heads linear");
        OptionException.Require("head_dropout", HeadDropout, 0, 0.9, "more leaves nothing to learn from");
    }
}
