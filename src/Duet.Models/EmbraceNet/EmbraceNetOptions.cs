// The settings of EmbraceNet.
using Duet.Models.Encoders;

namespace Duet.Models;

/// <summary>
/// EmbraceNet's settings. The paper (arXiv 1904.09078) leaves the towers open; defaults are ResNet-50 and BERT-base with the 512 joint
/// features of the code published with it.
/// </summary>
public sealed record EmbraceNetOptions : ModelOptions
{
    /// <inheritdoc/>
    public override string Tokenizer { get; init; } = "wordpiece";

    /// <summary>The picture tower.</summary>
    public ResNetOptions Image { get; init; } = ResNetOptions.ResNet50;

    /// <summary>Which network is the text tower.</summary>
    public EmbraceTextEncoder TextEncoder { get; init; } = EmbraceTextEncoder.Bert;

    /// <summary>The text tower where it is T5.</summary>
    public T5Options T5 { get; init; } = new();

    /// <summary>The text tower where it is BERT.</summary>
    public BertTowerOptions Text { get; init; } = new();

    /// <summary>How the text's tokens become one vector.</summary>
    public EmbraceTextPooling TextPooling { get; init; } = EmbraceTextPooling.FirstToken;

    /// <summary>Whether the text tower stays as it is; worth it only with pre-trained weights.</summary>
    public bool FreezeText { get; init; }

    /// <summary>The number c of joint features.</summary>
    public int EmbracementSize { get; init; } = 512;

    /// <summary>
    /// Probabilities with which a joint feature is taken from picture, text and the run's feature columns, in this order; they need not sum
    /// to 1. Feature columns that are not listed have 1.
    /// </summary>
    public IReadOnlyList<double> SelectionProbabilities { get; init; } = [1, 1];

    /// <summary>
    /// Probability that a training batch is one in which every product keeps only one of its modalities, drawn evenly (the paper's modality
    /// dropout, there 0.5).
    /// </summary>
    public double ModalityDropout { get; init; } = 0.5;

    /// <summary>
    /// Whether features are drawn in evaluation too, as in the published code. Off, the expectation over all draws is taken: the same
    /// answer every time, whatever else is in the batch.
    /// </summary>
    public bool SampleInEvaluation { get; init; }

    /// <summary>Width of the hidden layer of each task's classifier; 0, the published one, is a linear map.</summary>
    public int HeadWidth { get; init; }

    /// <summary>Dropout in front of each classifier's last layer.</summary>
    public double HeadDropout { get; init; }

    /// <inheritdoc/>
    internal override bool NeedsStartToken() => TextEncoder == EmbraceTextEncoder.Bert;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Image.Validate();
        OptionException.Require(Enum.IsDefined(TextEncoder), $"text_encoder {TextEncoder} is unknown; there are bert and t5.");
        if (TextEncoder == EmbraceTextEncoder.T5)
        {
            T5.Validate();
            OptionException.Require(
                TextPooling == EmbraceTextPooling.Flatten,
                "text_pooling is first_token, which is BERT's pooler; text_encoder t5 has none. Set text_pooling=flatten."
            );
        }
        else
        {
            Text.Validate(ContextLength);
        }

        OptionException.Require("embracement_size", EmbracementSize, 1, 65536, "the joint vector has at least one feature");
        OptionException.Require(
            SelectionProbabilities is { Count: >= 2 }
                && SelectionProbabilities.All(probability => probability is >= 0 and <= 1)
                && SelectionProbabilities.Any(probability => probability > 0),
            "selection_probabilities has values from 0 to 1, for picture, text and feature columns; at least one is above 0."
        );
        OptionException.Require("modality_dropout", ModalityDropout, 0, 1, "it is a probability");
        OptionException.Require("head_width", HeadWidth, 0, 65536, "0 makes the heads linear");
        OptionException.Require("head_dropout", HeadDropout, 0, 0.9, "more leaves nothing to learn from");
    }
}

/// <summary>The network that reads texts.</summary>
public enum EmbraceTextEncoder
{
    /// <summary>BERT, RoBERTa or XLM-R.</summary>
    Bert,

    /// <summary>T5's encoder: GLAMI-1M's baseline has that of mT5-small.</summary>
    T5,
}

/// <summary>How a text's tokens become the vector that is docked.</summary>
public enum EmbraceTextPooling
{
    /// <summary>BERT's pooler on the first token.</summary>
    FirstToken,

    /// <summary>All tokens side by side, those behind the text's end as zeros: GLAMI-1M's baseline.</summary>
    Flatten,
}
