// config.yaml: round trips, versions, damage.
using Duet.Models;
using Duet.Runs;
using Duet.Training;

namespace Duet.Tests.Runs;

public sealed class RunConfigurationFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("duet-config-").FullName;

    private string File => Path.Combine(_folder, "config.yaml");

    private static RunConfiguration Sample =>
        new()
        {
            Preset = "tiny",
            Options = (CmaClipOptions)CmaClip.Descriptor.Preset("tiny") with { SharedModalityVector = true },
            Data = new DataConfiguration
            {
                Path = "products.csv",
                ImageColumns = ["image"],
                TextColumns = ["title", "text"],
                TaskColumns = ["category"],
            },
            Training = new TrainingOptions
            {
                Epochs = 7,
                Precision = Precision.Bf16,
                LearningRate = 0.0005,
            },
        };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("tiny")]
    [InlineData("b32")]
    [InlineData("l14")]
    public void Every_setting_survives_writing_and_reading(string preset)
    {
        var before = Sample with { Preset = preset, Options = CmaClip.Descriptor.Preset(preset) };
        RunConfigurationFile.Save(before, File);
        var after = RunConfigurationFile.Load(File);
        RunConfigurationFile.Save(after, File + "2");
        System.IO.File.ReadAllText(File + "2").ShouldBe(System.IO.File.ReadAllText(File));
        after.Training.ShouldBe(before.Training);
        ((CmaClipOptions)after.Options).Image.ShouldBe(((CmaClipOptions)before.Options).Image);
        after.Data.TextColumns.ShouldBe(before.Data.TextColumns);
    }

    [Fact]
    public void A_newer_layout_is_refused_by_its_version()
    {
        RunConfigurationFile.Save(Sample, File);
        System.IO.File.WriteAllText(
            File,
            System
                .IO.File.ReadAllText(File)
                .Replace(
                    $"format_version: {RunConfiguration.CurrentFormatVersion}",
                    "format_version: 99\nnew_thing: 1",
                    StringComparison.Ordinal
                )
        );
        Should.Throw<RunException>(() => RunConfigurationFile.Load(File)).Message.ShouldContain("format version 99");
    }

    [Fact]
    public void A_run_that_began_before_noise_goes_on_without_it()
    {
        RunConfigurationFile.Save(Sample, File);
        var old = System
            .IO.File.ReadAllLines(File)
            .Where(line => !line.Contains("noise_probability", StringComparison.Ordinal))
            .Select(line =>
                line.Replace($"format_version: {RunConfiguration.CurrentFormatVersion}", "format_version: 1", StringComparison.Ordinal)
            );
        System.IO.File.WriteAllLines(File, old.ToArray());
        RunConfigurationFile.Load(File).Training.ShouldBe(Sample.Training with { NoiseProbability = 0 });
    }

    [Fact]
    public void A_run_that_began_before_training_had_every_class_finds_its_own_split()
    {
        RunConfigurationFile.Save(Sample, File);
        RunConfigurationFile
            .Load(File)
            .Data.ToSplit(1)
            .Tasks.Count.ShouldBe(Sample.Data.TaskColumns.Count + Sample.Data.MultiLabelColumns.Count);
        var old = System
            .IO.File.ReadAllLines(File)
            .Where(line => !line.Contains("split_rules", StringComparison.Ordinal))
            .Select(line =>
                line.Replace($"format_version: {RunConfiguration.CurrentFormatVersion}", "format_version: 2", StringComparison.Ordinal)
            );
        System.IO.File.WriteAllLines(File, old.ToArray());
        RunConfigurationFile.Load(File).Data.ToSplit(1).Tasks.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("batch_size: 32", "batch_size: 0", "batch_size is 0")]
    [InlineData("model: cma-clip", "model: no-such", "There is no model 'no-such'")]
    [InlineData("epochs: 7", "epochs: many", "line")]
    [InlineData("epochs: 7", "epoch: 7", "line")]
    public void A_wrong_setting_is_named(string before, string after, string message)
    {
        RunConfigurationFile.Save(Sample, File);
        System.IO.File.WriteAllText(File, System.IO.File.ReadAllText(File).Replace(before, after, StringComparison.Ordinal));
        Should.Throw<RunException>(() => RunConfigurationFile.Load(File)).Message.ShouldContain(message);
    }
}
