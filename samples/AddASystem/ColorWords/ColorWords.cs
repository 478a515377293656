// The example of docs/change/add-a-system.md: the colors of a picture and the words of a text, without any order.
using Duet.Models.Heads;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// A picture is the mean colors of a grid of cells, a text the mean of its words' vectors. Both are mapped to one width and added up, and
/// each task has a head on the sum.
/// </summary>
internal sealed class ColorWords : ProductModel
{
    private readonly ColorWordsOptions _options;
    private readonly Linear _colors;
    private readonly Embedding _words;
    private readonly ModuleList<TaskHead> _heads = new();

    public ColorWords(ColorWordsOptions options, ModelContext context)
        : base(options, context)
    {
        _options = options;
        _colors = Add("colors", new Linear(3 * options.Grid * options.Grid, options.Width));
        _words = Add("words", new Embedding(context.VocabularySize, options.Width));
        Add("heads", _heads);
        foreach (var task in context.Tasks)
        {
            _heads.Append(new TaskHead(options.Width, options.HeadWidth, task.Classes.Count, dropout: 0, norm: true));
        }
    }

    public static ModelDescriptor Descriptor { get; } =
        ModelDescriptor.Of(
            "color-words",
            "Color and words",
            "an example",
            new Dictionary<string, ColorWordsOptions>(StringComparer.Ordinal)
            {
                ["tiny"] = new() { ImageSize = 48, ContextLength = 24 },
                ["small"] = new()
                {
                    ImageSize = 96,
                    ContextLength = 32,
                    Grid = 12,
                    Width = 256,
                    HeadWidth = 256,
                },
            },
            (options, context) => new ColorWords(options, context)
        );

    protected override ModelOutput Classify(Batch batch)
    {
        // [B, 3, H, W] -> [B, 3, G, G] -> [B, D]
        var cells = nn.functional.adaptive_avg_pool2d(batch.Pixels, _options.Grid).flatten(1);
        var image = Where(batch.ImagePresent, _colors.Forward(cells));

        // [B, L, D] -> [B, D]: the mean over the tokens that are there.
        var visible = batch.TokenMask.unsqueeze(2).to(ScalarType.Float32);
        var text = Where(batch.TextPresent, (_words.Forward(batch.TokenIds) * visible).sum([1]) / visible.sum([1]).Clamp(1));

        var joint = image.Plus(text);
        return new ModelOutput([.. _heads.Select(head => head.Forward(joint))])
        {
            ImageEmbedding = image,
            TextEmbedding = text,
            JointEmbedding = joint,
        };
    }

    private static Tensor Where(Tensor present, Tensor embedding) => embedding.MaskedFill(present.logical_not().unsqueeze(1), 0);
}
