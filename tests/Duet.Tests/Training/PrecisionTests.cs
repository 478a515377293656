// The arithmetic that is left to the machine, and the warning where it has no units for what was asked.
using Duet.Torch;
using Duet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Tests.Training;

[Collection(TrainingCollection.Name)]
public sealed class PrecisionTests(TrainingCatalogue catalogue) : IDisposable
{
    private readonly Duet.Tests.Data.TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Auto_is_bf16_where_there_are_units_for_it()
    {
        Precision.Auto.On(CPU).ShouldBe(TorchRuntime.HasBFloat16Units ? Precision.Bf16 : Precision.Fp32);
        Precision.Auto.On(DeviceName.Parse("cuda")).ShouldBe(Precision.Bf16);
        Precision.Fp32.On(CPU).ShouldBe(Precision.Fp32);
        Precision.Bf16.On(CPU).ShouldBe(Precision.Bf16);
        Precision.Auto.IsEmulated(CPU).ShouldBeFalse();
    }

    [Fact]
    public void The_processor_s_units_are_those_that_Linux_sees() =>
        TorchRuntime.HasBFloat16Units.ShouldBe(
            File.ReadLines("/proc/cpuinfo")
                .First(line => line.StartsWith("flags", StringComparison.Ordinal))
                .Split(' ')
                .Contains("avx512_bf16", StringComparer.Ordinal)
        );

    [Theory]
    [InlineData(Precision.Auto)]
    [InlineData(Precision.Bf16)]
    public void A_run_keeps_what_was_decided_and_tells_of_emulation(Precision asked)
    {
        var recorder = new Recorder();
        var job = TrainingJob.Start(
            catalogue.Configuration(TrainingCatalogue.Recipe with { Epochs = 1, Precision = asked }),
            _folder[$"{asked}"]
        );
        job.Configuration.Training.Precision.ShouldBe(asked.On(CPU));
        job.Run(recorder);
        recorder
            .Notes.Any(note => note.Contains("emulates", StringComparison.Ordinal))
            .ShouldBe(asked == Precision.Bf16 && !TorchRuntime.HasBFloat16Units);
        new Duet.Runs.RunFolder(_folder[$"{asked}"]).LoadConfiguration().Training.Precision.ShouldBe(asked.On(CPU));
    }
}
