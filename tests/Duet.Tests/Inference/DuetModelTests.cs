// Asking a trained model about single products.
using Duet.Data;
using Duet.Inference;
using Duet.Models;
using Duet.Runs;
using Duet.Tests.Vision;
using Duet.Torch;
using Duet.Training;
using Duet.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Inference;

[Collection(RandomNumbersCollection.Name)]
public sealed class DuetModelTests : IDisposable
{
    private static readonly ModelUseOptions One = new() { Threads = 1, BatchSize = 4 };
    private readonly SampleRun _run = new();

    public DuetModelTests() => _run.WriteTable();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_product_is_classified_by_picture_and_text()
    {
        using var model = DuetModel.Load(_run.Run.Path, One);
        var answer = model.Classify(_run["1.jpg"], "a red shoe");
        answer.Tasks.Select(task => task.Task).ShouldBe(["category", "color", "tags"]);
        answer["category"].Probabilities.Sum().ShouldBe(1, 1e-5);
        answer["category"].TopFive.Count.ShouldBe(3);
        var color = answer["color"];
        color.TopFive.Count.ShouldBe(5);
        color.TopFive.Select(top => top.Probability).ShouldBe(color.Probabilities.OrderDescending().Take(5));
        color.Label.ShouldBe(color.TopFive[0].Label);
        color.Given.ShouldBe([color.TopFive[0]]);
        color.ImageShare!.Value.ShouldBeInRange(0.01, 0.99);
        (color.ImageShare + color.TextShare).ShouldBe(1);
        answer["tags"].Given.ShouldAllBe(tag => tag.Probability >= 0.5);
        answer["tags"].Given.Count.ShouldBe(answer["tags"].Probabilities.Count(probability => probability >= 0.5));
        Should.Throw<KeyNotFoundException>(() => answer["colour"]).Message.ShouldContain("category, color, tags");
    }

    [Fact]
    public void What_is_missing_has_no_share()
    {
        using var model = DuetModel.Load(_run.Run.Path, One);
        model.Classify(null, "a red shoe")["color"].ImageShare.ShouldBe(0);
        model.Classify(_run["1.jpg"], "  ")["color"].TextShare.ShouldBe(0);
        Should.Throw<ProductInputException>(() => model.Classify(string.Empty, " ")).Message.ShouldContain("neither");
    }

    [Fact]
    public void Bytes_files_lists_and_batches_give_the_same_answer()
    {
        using var model = DuetModel.Load(_run.Run.Path, One);
        var expected = model.Classify(_run["1.jpg"], "a red shoe");
        Same(expected, model.ClassifyBytes(File.ReadAllBytes(_run["1.jpg"]), "a red shoe"), 0);
        Same(expected, model.Classify([_run["1.jpg"]], ["a red", "shoe"]), 0);
        var many = Enumerable
            .Range(0, 11)
            .Select(i => i % 2 == 0 ? ProductInput.Of(_run["1.jpg"], "a red shoe") : ProductInput.Of(null, "a far longer text about a bag"))
            .ToArray();
        var answers = model.ClassifyMany(many);
        answers.Count.ShouldBe(11);
        for (var i = 0; i < 11; i += 2)
        {
            Same(expected, answers[i], 1e-5);
        }
    }

    [Fact]
    public void Long_texts_are_cut_and_say_so()
    {
        using var model = DuetModel.Load(_run.Run.Path, One);
        model.Classify(null, string.Join(' ', Enumerable.Repeat("shoe", 100))).TextTruncated.ShouldBeTrue();
        model.Classify(null, "shoe").TextTruncated.ShouldBeFalse();
    }

    [Fact]
    public void A_picture_that_cannot_be_used_is_named()
    {
        using var model = DuetModel.Load(_run.Run.Path, One);
        var missing = Should.Throw<ImageDecodeException>(() => model.Classify(_run["gone.jpg"], "a red shoe"));
        (missing.Reason, missing.SourceName).ShouldBe((ImageDecodeReason.Missing, _run["gone.jpg"]));
        _run.Write("text.jpg", "no picture");
        Should.Throw<ImageDecodeException>(() => model.Classify(_run["text.jpg"], null)).Message.ShouldContain("text.jpg");
        Should.Throw<ImageDecodeException>(() =>
            model.ClassifyMany([ProductInput.Of(_run["1.jpg"], null), ProductInput.Of(_run["text.jpg"], null)])
        );
        Should.Throw<ImageDecodeException>(() => model.ClassifyBytes(new byte[] { 0xFF, 0xD8, 0xFF }));
    }

    [Fact]
    public void A_system_that_reads_texts_only_refuses_a_damaged_picture_too()
    {
        using var texts = new SampleRun(Bert.Descriptor);
        using var model = DuetModel.Load(texts.Run.Path, One);
        _run.Write("text.jpg", "no picture");
        Should.Throw<ImageDecodeException>(() => model.Classify(_run["text.jpg"], "a red shoe")).Message.ShouldContain("text.jpg");
        model.Classify(_run["1.jpg"], "a red shoe").Tasks.Count.ShouldBe(3);
    }

    [Fact]
    public void Waiting_for_the_picture_leaves_the_threads_as_they_were()
    {
        using var model = DuetModel.Load(_run.Run.Path, One with { Threads = 2 });
        var expected = model.Classify(_run["1.jpg"], "a red shoe");
        TorchRuntime.Threads.ShouldBe(2);
        Should.Throw<ImageDecodeException>(() => model.Classify(_run["gone.jpg"], "a red shoe"));
        TorchRuntime.Threads.ShouldBe(2);
        Same(expected, model.ClassifyMany([ProductInput.Of(_run["1.jpg"], "a red shoe")])[0], 1e-6);
        ComputeThreads.Use(1);
    }

    [Fact]
    public async Task Threads_of_the_pool_that_all_wait_do_not_keep_pictures_from_being_decoded()
    {
        using var model = DuetModel.Load(_run.Run.Path, One);
        var expected = model.Classify(_run["1.jpg"], "a red shoe");
        var asked = Enumerable
            .Range(0, 200)
            .Select(_ => Task.Run(() => Same(expected, model.Classify(_run["1.jpg"], "a red shoe"), 0)))
            .ToArray();
        await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task As_many_callers_compute_side_by_side_as_there_are_cores_for(bool together)
    {
        using var model = DuetModel.Load(_run.Run.Path, One with { Threads = together ? 1 : Environment.ProcessorCount });
        var host = model.Preparation.Batch([model.Preparation.Prepare(ProductInput.Of(null, "a shoe"))]);
        using var inside = new Barrier(2);
        var callers = Enumerable
            .Range(0, 2)
            .Select(_ =>
                Task.Run(() => model.Forward.Use(host, _ => inside.SignalAndWait(TimeSpan.FromMilliseconds(together ? 10_000 : 100))))
            );
        (await Task.WhenAll(callers)).ShouldAllBe(met => met == (together && Environment.ProcessorCount > 1));
    }

    [Fact]
    public void Many_threads_may_ask_at_once_and_nothing_leaks()
    {
        using var model = DuetModel.Load(_run.Run.Path, One);
        var expected = model.Classify(_run["1.jpg"], "a red shoe");
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        Parallel.For(
            0,
            40,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            _ => Same(expected, model.Classify(_run["1.jpg"], "a red shoe"), 0)
        );
        is_grad_enabled().ShouldBeTrue();
        Tensor.TotalCount.ShouldBeLessThanOrEqualTo(before);
        model.Dispose();
        Should.Throw<ObjectDisposedException>(() => model.Classify(null, "a red shoe"));
    }

    [Fact]
    public void Short_number_formats_change_little()
    {
        using var model = DuetModel.Load(_run.Run.Path, One);
        using var brief = DuetModel.Load(_run.Run.Path, One with { Precision = Precision.Bf16 });
        Same(model.Classify(_run["1.jpg"], "a red shoe"), brief.Classify(_run["1.jpg"], "a red shoe"), 0.05);
    }

    [Theory]
    [InlineData(InputModalities.Image, "pictures only")]
    [InlineData(InputModalities.Text, "texts only")]
    public void An_ablation_asks_for_what_it_looks_at(InputModalities modalities, string message)
    {
        using var ablation = new SampleRun(options => options with { Modalities = modalities });
        using var model = DuetModel.Load(ablation.Run.Path, One);
        var (image, text) = modalities == InputModalities.Image ? ((string?)null, "a shoe") : (_run["1.jpg"], null);
        Should.Throw<ProductInputException>(() => model.Classify(image, text)).Message.ShouldContain(message);
        model.Classify(_run["1.jpg"], "a shoe")["color"].ImageShare.ShouldBe(modalities == InputModalities.Image ? 1 : 0);
    }

    [Theory]
    [InlineData(0, 1, "cpu", "Threads is 0")]
    [InlineData(1, 0, "cpu", "BatchSize is 0")]
    [InlineData(1, 1, "tpu", "tpu")]
    [InlineData(1, 1, "cuda:99", "device")]
    public void Wrong_options_are_named(int threads, int batch, string device, string message) =>
        Should
            .Throw<OptionException>(() =>
                DuetModel.Load(
                    _run.Run.Path,
                    new ModelUseOptions
                    {
                        Threads = threads,
                        BatchSize = batch,
                        Device = device,
                    }
                )
            )
            .Message.ShouldContain(message);

    internal static void Same(Classification expected, Classification actual, double tolerance)
    {
        for (var task = 0; task < expected.Tasks.Count; task++)
        {
            actual
                .Tasks[task]
                .Probabilities.Zip(expected.Tasks[task].Probabilities, (a, b) => Math.Abs(a - b))
                .Max()
                .ShouldBeLessThanOrEqualTo(tolerance);
        }
    }
}
