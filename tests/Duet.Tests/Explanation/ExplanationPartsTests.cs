// Words, grids, colours and files of explanations.
using System.Text.Json;
using Duet.Data;
using Duet.Explanation;
using Duet.Inference;
using Duet.Models;
using Duet.Text;
using Duet.Vision;

namespace Duet.Tests.Explanation;

[Collection(RandomNumbersCollection.Name)]
public sealed class ExplanationPartsTests
{
    private static readonly ClipBpe Bytes = BpeTrainer.Train(["a red shoe"], new BpeTrainerOptions { VocabularySize = 530 });

    [Fact]
    public void Words_find_their_tokens()
    {
        const string Text = " A red  shoe!";
        var units = TextUnits.Of(Text, Bytes, new EncodingOptions());
        units.Select(unit => unit.Text).ShouldBe(["A", "red", "shoe!"]);
        units.Select(unit => unit.Start).ShouldBe([1, 3, 8]);
        units[0].Places[0].ShouldBe(new TokenPlace(0, 1));
        var ids = Bytes.Tokenize(Text);
        foreach (var unit in units)
        {
            Bytes
                .Decode(ids.AsSpan(unit.Places[0].Place - 1, unit.Places.Count))
                .Replace(" ", string.Empty, StringComparison.Ordinal)
                .Trim()
                .ShouldBe(unit.Text.ToLowerInvariant());
        }

        units.Sum(unit => unit.Places.Count).ShouldBe(ids.Length);
        TextUnits.Of(Text, Bytes, new EncodingOptions { ContextLength = 3 }).Select(unit => unit.Seen).ShouldBe([true, false, false]);
    }

    [Fact]
    public void Words_of_long_texts_find_their_tokens_where_the_rows_have_them()
    {
        const string Text = "q w e r t y u i";
        int count = Bytes.Tokenize(Text).Length;
        foreach (var choice in Enum.GetValues<LongText>())
        {
            var encoding = new EncodingOptions { ContextLength = 6, LongText = choice };
            var rows = ProductEncoder.Rows(Bytes, Text, encoding);
            var units = TextUnits.Of(Text, Bytes, encoding);
            var places = units.SelectMany(unit => unit.Places).ToArray();
            places
                .Select(place => rows[place.Piece].Ids[place.Place])
                .ShouldBe(
                    choice switch
                    {
                        LongText.Head => Bytes.Tokenize(Text)[..4],
                        LongText.HeadTail => [.. Bytes.Tokenize(Text)[..3], Bytes.Tokenize(Text)[^1]],
                        _ => Bytes.Tokenize(Text),
                    }
                );
            places.ShouldBeUnique();
            units.Count(unit => unit.Seen).ShouldBe(choice == LongText.Chunk ? count : 4);
        }
    }

    [Fact]
    public void Scripts_without_spaces_are_cut_into_characters()
    {
        var units = TextUnits.Of("赤い靴 new", Bytes, new EncodingOptions());
        units.Select(unit => unit.Text).ShouldBe(["赤", "い", "靴", "new"]);
        TextUnits.Without("赤い靴 new", units, [true, false, true, true]).ShouldBe("赤靴 new");
        TextUnits.Without("赤い靴 new", units, [false, false, false, true]).ShouldBe("new");
    }

    [Fact]
    public void Grids_keep_their_sum()
    {
        var grid = new PatchGrid(2, 3, [1, 2, 3, 4, 5, 6]);
        var other = grid.Resample(5, 4);
        other.Scores.Sum().ShouldBe(21, 1e-9);
        new PatchGrid(1, 1, [8]).Resample(2, 2).Scores.ShouldBe([2, 2, 2, 2]);
        grid.Peak().ShouldBe((2.5 / 3, 0.75));
    }

    [Fact]
    public void Colours_grow_brighter_with_the_score()
    {
        var light = Enumerable
            .Range(0, 21)
            .Select(i => Overlay.Colour(i / 20.0))
            .Select(colour => (0.2126 * colour.R) + (0.7152 * colour.G) + (0.0722 * colour.B))
            .ToArray();
        light.ShouldBeInOrder();
        Overlay.Colour(0).ShouldBe(new Rgb24(68, 1, 84));
        Overlay.Colour(7).ShouldBe(new Rgb24(253, 231, 37));
        var drawn = Overlay.Draw(new RgbImage(4, 4, new byte[48]), new PatchGrid(2, 2, [0, 1, -5, 0]), 16);
        drawn.Pixels[(15 * 3) + 1].ShouldBeGreaterThan(drawn.Pixels[(15 * 16 * 3) + 1]);
    }

    [Fact]
    public void Files_are_written_under_safe_names()
    {
        using var run = new SystemRun("clip");
        using var model = DuetModel.Load(run.Run, new ModelUseOptions { Threads = 1 });
        var options = new ExplanationOptions
        {
            Task = "tags/new",
            Methods = [ExplanationMethod.Rollout],
            RandomOrders = 0,
        };
        var folder = Path.Combine(run.Run, "..", "out");
        var written = ExplanationFiles.Write(new Explainer(model).Explain(ProductInput.Of(run.Picture, "a shoe"), options), folder);
        written.Tasks[0].Attributions[0].Overlay.ShouldBe("tags_new-rollout.png");
        new ImageDecoder().Decode(Path.Combine(folder, "tags_new-rollout.png")).Width.ShouldBe(384);
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "explanation.json")));
        json.RootElement.GetProperty("tasks")[0].GetProperty("attributions")[0].GetProperty("method").GetString().ShouldBe("rollout");
        json.RootElement.GetProperty("legend").GetString()!.ShouldContain("viridis");
    }

    [Fact]
    public void Wrong_choices_are_refused_by_name()
    {
        using var run = new SystemRun("resnet");
        using var model = DuetModel.Load(run.Run, new ModelUseOptions { Threads = 1 });
        var (explainer, product) = (new Explainer(model), ProductInput.Of(run.Picture, null));
        Should
            .Throw<OptionException>(() => explainer.Explain(product, new ExplanationOptions { Task = "size" }))
            .Message.ShouldContain("category");
        Should
            .Throw<OptionException>(() => explainer.Explain(product, new ExplanationOptions { Methods = [ExplanationMethod.Rollout] }))
            .Message.ShouldContain("occlusion");
        Should.Throw<OptionException>(() => explainer.Explain(product, new ExplanationOptions { Grid = 1 })).Message.ShouldContain("grid");
    }
}
