// The product that is explained: as it is, and with parts taken away.
using Duet.Data;
using Duet.Inference;
using Duet.Text;

namespace Duet.Explanation;

/// <summary>One product with its units, and the model's answers about variants of it.</summary>
internal sealed class ExplainedProduct
{
    private readonly DuetModel _model;
    private readonly EncodingOptions _encoding;
    private readonly byte[] _baseline;

    public ExplainedProduct(DuetModel model, ProductInput product)
    {
        _model = model;
        _encoding = ModelInputs.Texts(model.Inputs);
        Prepared = model.Preparation.Prepare(product);
        Text = Prepared.HasText ? product.JoinedText : string.Empty;
        SeesPicture = model.Forward.Sees(Prepared.Picture is not null, picture: true) && model.Model.SeesPictures;
        SeesText = model.Forward.Sees(Prepared.HasText, picture: false) && model.Model.Tokens is not null;
        Words = Prepared.HasText ? TextUnits.Of(Text, model.Tokenizer, _encoding) : [];
        Pieces =
        [
            Prepared with
            {
                FurtherTokens = [],
            },
            .. Prepared.FurtherTokens.Select(tokens => Prepared with { TokenIds = tokens, FurtherTokens = [] }),
        ];
        _baseline = [.. model.Model.Options.PixelMean.Select(mean => (byte)Math.Round(255 * mean))];
    }

    public EncodedProduct Prepared { get; }

    /// <summary>The product once per piece of its text; the model's answer is the mean over them. One where the text is not read in
    /// pieces.</summary>
    public IReadOnlyList<EncodedProduct> Pieces { get; }

    /// <summary>How many ids come before a text.</summary>
    public int StartLength => _model.Tokenizer.StartLength();

    public string Text { get; }

    public IReadOnlyList<TextUnit> Words { get; }

    public bool SeesPicture { get; }

    public bool SeesText { get; }

    public int Side => _model.Model.Options.ImageSize;

    /// <summary>The product without some words; with no word left it has no text, or an empty one where there is nothing else to look
    /// at.</summary>
    public EncodedProduct WithWords(IReadOnlyList<bool> kept)
    {
        var text = TextUnits.Without(Text, Words, kept);
        var encoded = _model.Preparation.Encode(Prepared.Product with { Text = text });
        return encoded with { Picture = Prepared.Picture, HasText = !SeesPicture || encoded.HasText };
    }

    /// <summary>The product with some cells of its picture covered.</summary>
    /// <param name="grid">Rows and columns.</param>
    /// <param name="kept">Which cells stay, row by row.</param>
    public EncodedProduct WithCells(int grid, IReadOnlyList<bool> kept)
    {
        var pixels = (byte[])Prepared.Picture!.Pixels.Clone();
        for (var cell = 0; cell < kept.Count; cell++)
        {
            if (kept[cell])
            {
                continue;
            }

            var (top, bottom) = (cell / grid * Side / grid, ((cell / grid) + 1) * Side / grid);
            var (left, right) = (cell % grid * Side / grid, ((cell % grid) + 1) * Side / grid);
            for (var channel = 0; channel < 3; channel++)
            {
                for (var y = top; y < bottom; y++)
                {
                    pixels.AsSpan((((channel * Side) + y) * Side) + left, right - left).Fill(_baseline[channel]);
                }
            }
        }

        return Prepared with
        {
            Picture = Prepared.Picture with { Pixels = pixels },
        };
    }

    /// <summary>Every task's probabilities, <c>[variant][task][class]</c>.</summary>
    public float[][][] Probabilities(IReadOnlyList<EncodedProduct> variants, CancellationToken cancellation)
    {
        var all = new float[variants.Count][][];
        var next = 0;
        foreach (var chunk in variants.Chunk(_model.Options.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            var result = _model.Forward.Run(_model.Preparation.Batch(chunk));
            for (var row = 0; row < chunk.Length; row++)
            {
                all[next++] =
                [
                    .. _model.Schema.Tasks.Select(
                        (task, i) => result.Probabilities[i].AsSpan(row * task.Classes.Count, task.Classes.Count).ToArray()
                    ),
                ];
            }
        }

        return all;
    }
}
