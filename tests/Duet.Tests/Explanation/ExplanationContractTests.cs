// What explanations promise for every system of the registry.
using Duet.Explanation;
using Duet.Inference;
using Duet.Models;
using Duet.Tests.Models;
using Duet.Text;

namespace Duet.Tests.Explanation;

[Collection(RandomNumbersCollection.Name)]
public sealed class ExplanationContractTests
{
    private const string Text = "a red shoe of leather";

    private static readonly string[] WithoutAttention = ["resnet"];
    private static readonly string[] WordsLookAtPatches = ["cma-clip", "coca", "mmbt", "visualbert", "imagebert", "kaleidobert"];

    private static readonly ExplanationOptions Quick = new()
    {
        IntegrationSteps = 128,
        RandomOrders = 2,
        CurvePoints = 5,
        Grid = 4,
    };

    public static TheoryData<string> Systems => [.. ModelRegistry.All.Select(descriptor => descriptor.Name)];

    [Theory]
    [MemberData(nameof(Systems))]
    public void Every_system_is_explained(string name)
    {
        using var run = new SystemRun(name);
        using var model = DuetModel.Load(run.Run, new ModelUseOptions { Threads = 1 });
        var explanation = new Explainer(model).Explain(ProductInput.Of(run.Picture, Text), Quick);
        explanation.Words.Select(word => word.Text).ShouldBe(["a", "red", "shoe", "of", "leather"]);
        explanation.Words.ShouldAllBe(word => word.Seen);
        explanation.Tasks.Select(task => task.Task).ShouldBe(["category", "tags/new"]);
        foreach (var task in explanation.Tasks)
        {
            task.Attributions.Select(attribution => attribution.Method)
                .ShouldBe(WithoutAttention.Contains(name) ? Enum.GetValues<ExplanationMethod>()[..3] : Enum.GetValues<ExplanationMethod>());
            foreach (var attribution in task.Attributions)
            {
                Check(attribution, model.Model);
            }

            task[ExplanationMethod.IntegratedGradients]!.CompletenessGap!.Value.ShouldBeLessThan(0.1);
            task.MostFaithful.ShouldNotBeNull();
        }

        explanation.WordMaps.Count.ShouldBe(WordsLookAtPatches.Contains(name) ? 2 : 0);
        explanation.WordMaps.SelectMany(maps => maps.Maps).ShouldAllBe(map => map != null && map.Scores.Sum() > 0);
        model.Model.Tokens?.Table.Replace.ShouldBeNull();
    }

    [Theory]
    [InlineData("resnet", "bert")]
    [InlineData("vit", "t5")]
    [InlineData("clip-resnet", "clip")]
    public void Cma_clip_is_explained_with_other_towers_too(string picture, string text)
    {
        var options = ContractModel.WithTowers(picture, text);
        using var run = new SystemRun("cma-clip", _ => options);
        using var model = DuetModel.Load(run.Run, new ModelUseOptions { Threads = 1 });
        var explanation = new Explainer(model).Explain(ProductInput.Of(run.Picture, Text), Quick);
        foreach (var attribution in explanation.Tasks.SelectMany(task => task.Attributions))
        {
            Check(attribution, model.Model);
        }

        explanation.Tasks[0].Attributions.Select(attribution => attribution.Method).ShouldBe(Enum.GetValues<ExplanationMethod>());
        explanation.WordMaps.Count.ShouldBe(2);
        explanation.WordMaps.SelectMany(maps => maps.Maps).ShouldAllBe(map => map != null && map.Scores.Sum() > 0);
    }

    [Theory]
    [InlineData("cma-clip")]
    [InlineData("mmbt")]
    [InlineData("embracenet")]
    public void A_text_read_in_pieces_is_explained_to_its_end(string name)
    {
        const string Long = "a red shoe of leather a blue shirt of cotton";
        using var run = new SystemRun(name, options => options with { ContextLength = 6, LongText = LongText.Chunk });
        using var model = DuetModel.Load(run.Run, new ModelUseOptions { Threads = 1 });
        var explanation = new Explainer(model).Explain(ProductInput.Of(run.Picture, Long), Quick with { Task = "category" });
        explanation.Words.Count.ShouldBe(10);
        explanation.Words.ShouldAllBe(word => word.Seen);
        explanation.Words.SelectMany(word => word.Places).Select(place => place.Piece).Max().ShouldBeGreaterThan(0);
        foreach (var attribution in explanation.Tasks[0].Attributions)
        {
            Check(attribution, model.Model);
            attribution.Words!.Skip(6).ShouldContain(score => Math.Abs(score) > 1e-9, attribution.Method.ToString());
        }

        explanation.Tasks[0][ExplanationMethod.IntegratedGradients]!.CompletenessGap!.Value.ShouldBeLessThan(0.1);
        explanation.WordMaps.SelectMany(maps => maps.Maps).ShouldAllBe(map => map != null && map.Scores.Sum() > 0);

        using var head = DuetModel.Load(run.Run, new ModelUseOptions { Threads = 1, LongText = LongText.Head });
        var beginning = new Explainer(head).Explain(
            ProductInput.Of(run.Picture, Long),
            Quick with
            {
                Task = "category",
                Methods = [ExplanationMethod.Gradient],
            }
        );
        beginning.Words[^1].Seen.ShouldBeFalse();
        beginning.Tasks[0].Attributions[0].Words![^1].ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_missing_input_has_no_scores(string name)
    {
        using var run = new SystemRun(name);
        using var model = DuetModel.Load(run.Run, new ModelUseOptions { Threads = 1 });
        if (model.Model.SeesPictures)
        {
            var picture = new Explainer(model).Explain(ProductInput.Of(run.Picture, null), Quick);
            picture
                .Tasks.SelectMany(task => task.Attributions)
                .ShouldAllBe(attribution => attribution.Words == null && attribution.Patches != null);
        }

        if (model.Model.Tokens is not null)
        {
            var text = new Explainer(model).Explain(ProductInput.Of(null, Text), Quick);
            text.Tasks.SelectMany(task => task.Attributions)
                .ShouldAllBe(attribution => attribution.Words != null && attribution.Patches == null);
        }
    }

    private static void Check(Attribution attribution, ProductModel model)
    {
        (attribution.Words is not null).ShouldBe(model.Tokens is not null, attribution.Method.ToString());
        (attribution.Patches is not null).ShouldBe(SeesPatches(attribution, model), attribution.Method.ToString());
        double[] scores = [.. attribution.Words ?? [], .. attribution.Patches?.Scores ?? []];
        scores.ShouldAllBe(score => double.IsFinite(score));
        scores.ShouldContain(score => score != 0);
        if (attribution.Method is ExplanationMethod.Attention or ExplanationMethod.Rollout)
        {
            scores.ShouldAllBe(score => score >= 0);
            scores.Sum().ShouldBeLessThan(1.0001);
        }

        foreach (var measured in (Faithfulness?[])[attribution.WordFaithfulness, attribution.PatchFaithfulness])
        {
            if (measured is not null)
            {
                ((double[])[measured.Deletion, measured.Insertion, measured.RandomDeletion, measured.RandomInsertion]).ShouldAllBe(area =>
                    area >= 0 && area <= 1
                );
                measured.Score.ShouldBeInRange(-1, 1);
            }
        }
    }

    // EmbraceNet reads the picture with a residual network: its attention is that of its text tower.
    private static bool SeesPatches(Attribution attribution, ProductModel model) =>
        model.SeesPictures
        && (attribution.Method is not (ExplanationMethod.Attention or ExplanationMethod.Rollout) || model is not EmbraceNet);
}
