// The settings of CLIP.
using Duet.Models.Encoders;
using Duet.Torch;
using Duet.Torch.Modules;

namespace Duet.Models;

/// <summary>CLIP's settings. Defaults are those of ViT-B/32 (openai/CLIP).</summary>
public sealed record ClipOptions : ModelOptions
{
    /// <summary>Which kind of picture tower there is.</summary>
    public ImageTower Tower { get; init; } = ImageTower.VisionTransformer;

    /// <summary>The picture tower unless <see cref="Tower"/> is the modified ResNet; CLIP's vision transformer unless <c>image.tower</c>
    /// names another.</summary>
    public PictureTowerOptions Image
    {
        get;
        init => field = (PictureTowerOptions)TowerChoice.Pictures.Named(value, value.Tower);
    } = new VisionTransformerOptions();

    /// <summary>The picture tower where it is a modified ResNet.</summary>
    public ModifiedResNetOptions ResNet { get; init; } = new();

    /// <summary>The text tower; CLIP's unless <c>text.tower</c> names another.</summary>
    public TextTowerOptions Text
    {
        get;
        init => field = (TextTowerOptions)TowerChoice.Texts.Named(value, value.Tower);
    } = new TextTransformerOptions();

    /// <summary>Width E of the joint space.</summary>
    public int JointWidth { get; init; } = 512;

    /// <summary>The activation in both towers' transformers: QuickGELU in OpenAI's checkpoints, GELU in most of open_clip's.</summary>
    public Activation Activation { get; init; } = Activation.QuickGelu;

    /// <summary>Epsilon of the layer norms.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Dropout after attention and MLP in every block of the towers.</summary>
    public double Dropout { get; init; }

    /// <summary>
    /// Whether the towers stay as they are and only linear classifiers on their features learn (arXiv 2103.00020, section 3.2),
    /// instead of fine-tuning everything. Needs pre-trained towers to be of use.
    /// </summary>
    public bool LinearProbe { get; init; }

    /// <summary>Width of the hidden layer of each task's head; the linear probe has none.</summary>
    public int HeadWidth { get; init; } = 512;

    /// <summary>Dropout inside each task's head.</summary>
    public double HeadDropout { get; init; } = 0.1;

    /// <summary>The picture tower's settings, whichever of the two it is.</summary>
    internal PictureTowerOptions Picture => Tower == ImageTower.ModifiedResNet ? ResNet : Image;

    /// <inheritdoc/>
    internal override bool NeedsStartToken() => Text.ReadsStartToken;

    /// <summary>What the blocks of both towers have in common; the towers have widths, heads and layers of their own.</summary>
    internal TransformerOptions Blocks =>
        new(JointWidth, 1, 1, 4 * JointWidth)
        {
            Activation = Activation,
            NormEpsilon = NormEpsilon,
            Dropout = Dropout,
        };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Picture.Check(ImageSize);
        Text.Check(ContextLength);
        OptionException.Require("joint_width", JointWidth, 1, 16384, "both towers are projected to it");
        OptionException.Require("norm_epsilon", NormEpsilon, 1e-12, 1e-2, "it only keeps a norm from dividing by zero");
        OptionException.Require("dropout", Dropout, 0, 0.9, "more leaves nothing to learn from");
        OptionException.Require("head_width", HeadWidth, 0, 65536, "0 makes the heads linear");
        OptionException.Require("head_dropout", HeadDropout, 0, 0.9, "more leaves nothing to learn from");
    }
}
