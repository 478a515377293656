// Caption generation on a small language whose best sentences can be listed.
using Duet.Models;
using Duet.Models.Generation;
using Duet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Models;

public sealed class CaptionGeneratorTests
{
    private const int Start = 0;
    private const int End = 1;
    private const int Padding = 2;
    private const int Words = 6;

    // A first-order language: row i holds the logits of what follows word i. Greedy goes 3 -> 4; the best sentence begins with 5.
    private static readonly float[][] Language =
    [
        [-9, -9, -9, 1.0f, -9, 0.9f],
        [0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
        [-9, 0.1f, -9, 0, 0.2f, 0],
        [-9, 0.3f, -9, 0.2f, 0.1f, 0.2f],
        [-9, 4, -9, -9, -9, -9],
    ];

    private static CaptionOptions Options => new(Start, End, Padding, 5);

    [Fact]
    public void Greedy_takes_the_likeliest_word_each_time_and_pads_after_the_end() =>
        Run(Options, 2)
            .ShouldBe([
                [Start, 3, 4, End, Padding],
                [Start, 3, 4, End, Padding],
            ]);

    [Fact]
    public void The_minimum_length_forbids_the_end() =>
        Run(Options with { MinimumLength = 5 }, 1)
            .ShouldBe([
                [Start, 3, 4, 3, 4],
            ]);

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public void A_wide_beam_finds_the_best_of_all_sentences(double penalty)
    {
        var best = AllSentences([Start], 0).MaxBy(sentence => sentence.Score / Math.Pow(sentence.Ids.Length - 1, penalty)).Ids;
        Run(Options with { Method = DecodingMethod.Beam, Beams = 200, LengthPenalty = penalty }, 1)[0]
            .TakeWhile(id => id != Padding)
            .ShouldBe(best);
    }

    [Fact]
    public void A_beam_sees_further_than_greedy() =>
        Run(Options with { Method = DecodingMethod.Beam, Beams = 2 }, 1)[0].ShouldBe([Start, 5, End, Padding, Padding]);

    [Fact]
    public void A_nucleus_of_one_word_is_greedy() =>
        Run(Options with { Method = DecodingMethod.TopP, TopP = 1e-6 }, 1).ShouldBe(Run(Options, 1));

    [Fact]
    public void Draws_follow_the_probabilities_inside_the_nucleus_and_repeat_with_the_seed()
    {
        // From the start, 3 and 5 have about .52 and .48; everything else lies outside the nucleus.
        var options = Options with
        {
            Method = DecodingMethod.TopP,
            TopP = 0.95,
            Seed = 7,
        };
        var drawn = Run(options, 2000);
        drawn.Select(caption => caption[1]).Distinct().Order().ShouldBe([3, 5]);
        (drawn.Count(caption => caption[1] == 3) / 2000.0).ShouldBeInRange(0.48, 0.57);
        Run(options, 2000).ShouldBe(drawn);
    }

    [Theory]
    [InlineData(1, 0.9, "MaximumLength")]
    [InlineData(5, 0.0, "TopP")]
    public void Settings_out_of_range_are_refused(int length, double topP, string option) =>
        Should
            .Throw<OptionException>(() => new CaptionGenerator(Options with { MaximumLength = length, TopP = topP }))
            .Message.ShouldContain(option);

    private static long[][] Run(CaptionOptions options, int count)
    {
        using var scope = NewDisposeScope();
        var table = Tensors.From(Language.SelectMany(row => row).ToArray(), Words, Words);
        var captions = new CaptionGenerator(options).Generate(count, (ids, _) => table.index_select(0, ids.select(1, ids.size(1) - 1)));
        captions.shape.ShouldBe([count, options.MaximumLength]);
        return captions.ToInt64Array().Chunk(options.MaximumLength).ToArray();
    }

    private static IEnumerable<(long[] Ids, double Score)> AllSentences(long[] prefix, double score)
    {
        if (prefix.Length == Options.MaximumLength || prefix[^1] == End)
        {
            return [(prefix, score)];
        }

        var logits = Language[prefix[^1]];
        var total = Math.Log(logits.Sum(value => Math.Exp(value)));
        return Enumerable.Range(0, Words).SelectMany(id => AllSentences([.. prefix, id], score + logits[id] - total));
    }
}
