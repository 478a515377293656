// Data sets that are no tables, through the whole command line.
using System.Diagnostics;
using Duet.Data;
using Duet.Vision;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class DataFormatCliTests(TrainedRun trained)
{
    private const string Python = "/usr/bin/python3";

    [SkippableFact]
    public void A_fashion_gen_file_trains_evaluates_and_predicts_without_naming_columns()
    {
        var file = Path.Combine(trained.Folder, "fashiongen_train.h5");
        MakeHdf5(file);
        trained
            .Run("train", "--data", file, "--preset", "tiny", "--epochs", "1", "--batch-size", "8", "--threads", "1", "--output", "run-h5")
            .ShouldEndWith(0);
        var configuration = File.ReadAllText(Path.Combine(trained.Folder, "run-h5", "config.yaml"));
        configuration.ShouldContain("format: fashion_gen");
        configuration.ShouldContain("group_column: input_productID");
        trained.Run("evaluate", "run-h5", "--data", file).ShouldEndWith(0).Output.ShouldContain("40 products");
        trained.Run("predict", "run-h5", "--data", file, "--output", "h5.csv").ShouldEndWith(0).Output.ShouldContain("40 rows");
        trained.Run("train", "--data", file, "--output", "run-h5", "--resume").ShouldEndWith(0);
        trained
            .Run("train", "--data", file, "--task", "input_gender", "--output", "run-none")
            .ShouldEndWith(2)
            .Error.ShouldContain("input_gender");
    }

    [Fact]
    public void A_missing_library_for_hdf5_is_one_sentence_with_the_way_out()
    {
        var nowhere = Directory.CreateDirectory(Path.Combine(trained.Folder, "no-library")).FullName;
        var file = Path.Combine(nowhere, "products.h5");
        File.WriteAllText(file, "Whatever is in it is not read.");
        var refused = CliProcess.Run(
            trained.Folder,
            new Dictionary<string, string?> { ["DUET_HDF5"] = nowhere },
            "train",
            "--data",
            file,
            "--output",
            "run-no-library"
        );
        refused
            .ShouldEndWith(1)
            .Error.ShouldContain(
                $"The HDF5 file {file} cannot be read: the library libhdf5 is not at the place that DUET_HDF5 names ({nowhere}); install "
            );
        refused.Error.ShouldNotContain("   at ");
        refused.Error.ShouldNotContain("Download");
    }

    [Fact]
    public void A_delimiter_is_named_or_found_and_said()
    {
        var products = File.ReadAllLines(Path.Combine(trained.Folder, TrainedRun.Table));
        products.ShouldAllBe(line => !line.Contains(';', StringComparison.Ordinal) && !line.Contains('"', StringComparison.Ordinal));
        foreach (var (name, sign) in (IEnumerable<(string, char)>)[("semicolons", ';'), ("bars", '|'), ("tabs", '\t')])
        {
            var table = Path.Combine("catalogue", name + ".csv");
            File.WriteAllLines(Path.Combine(trained.Folder, table), products.Select(line => line.Replace(',', sign)));
            var found = trained.Run("evaluate", "run", "--data", table).ShouldEndWith(0);
            found.Error.ShouldContain($"the header has {name}");
            found.Output.ShouldContain("160 products");
            trained
                .Run("evaluate", "run", "--data", table, "--delimiter", sign == '\t' ? "\\t" : $"{sign}")
                .ShouldEndWith(0)
                .Error.ShouldNotContain("the header has");
        }

        var learned = trained.Run([
            .. TrainedRun
                .TrainArguments("delimited", 1, "--delimiter", ";", "--no-report")
                .Select(word => word == TrainedRun.Table ? Path.Combine("catalogue", "semicolons.csv") : word),
        ]);
        learned.ShouldEndWith(0);
        trained.Run("train", "--output", "delimited", "--resume", "--delimiter", ";", "--no-report").ShouldEndWith(0);
        trained
            .Run("train", "--output", "delimited", "--resume", "--delimiter", "|")
            .ShouldEndWith(2)
            .Error.ShouldContain("has --delimiter ;, the command line says |");
        trained
            .Run("evaluate", "run", "--data", TrainedRun.Table, "--delimiter", ";;")
            .ShouldEndWith(2)
            .Error.ShouldContain("one ASCII character");
    }

    [Fact]
    public void An_image_folder_trains_and_unknown_formats_and_folders_are_refused()
    {
        var root = Path.Combine(trained.Folder, "folders");
        foreach (
            var (row, index) in File.ReadAllLines(Path.Combine(trained.Catalogue, "products.csv"))
                .Skip(1)
                .Take(40)
                .Select((line, index) => (line.Split(','), index))
        )
        {
            var folder = Directory.CreateDirectory(Path.Combine(root, index % 2 == 0 ? "even" : "odd")).FullName;
            File.Copy(Path.Combine(trained.Catalogue, row[1]), Path.Combine(folder, $"{index}.jpg"));
        }

        trained
            .Run(
                "train",
                "--data",
                "folders",
                "--preset",
                "tiny",
                "--epochs",
                "1",
                "--batch-size",
                "8",
                "--threads",
                "1",
                "--output",
                "run-folders"
            )
            .ShouldEndWith(0);
        trained.Run("evaluate", "run-folders", "--data", "folders", "--split", "test").ShouldEndWith(0);
        trained
            .Run("train", "--data", "folders", "--data-format", "hateful", "--output", "x")
            .ShouldEndWith(2)
            .Error.ShouldContain("hateful-memes");
        trained
            .Run("train", "--data", "folders", "--data-format", "mm-imdb", "--output", "x")
            .ShouldEndWith(1)
            .Error.ShouldContain("split.json");
        Directory.CreateDirectory(Path.Combine(trained.Folder, "nothing"));
        trained.Run("train", "--data", "nothing", "--output", "x").ShouldEndWith(1).Error.ShouldContain("none of the known data sets");
    }

    [Fact]
    public void Data_check_tells_figures_and_writes_findings()
    {
        File.WriteAllText(
            Path.Combine(trained.Catalogue, "checked.csv"),
            "id,title,image,kind,split\nA1,red shoe,images/000001.jpg,shoe,train\nA2,Red  "
                + "shoe!,images/000002.jpg,shoe,test\nA3,,images/none.jpg,,train\nA4,blue bag,images/000001.jpg,bag,test\n"
        );
        var table = Path.Combine("catalogue", "checked.csv");
        string[] columns = ["--text", "title", "--image", "image", "--task", "kind", "--split-column", "split"];
        var told = trained.Run(["data", "check", "--data", table, .. columns, "--output", "found/issues.csv"]).ShouldEndWith(0);
        told.Output.ShouldContain("4 rows");
        var found = File.ReadAllLines(Path.Combine(trained.Folder, "found", "issues.csv"))
            .Skip(1)
            .Select(line => string.Join(' ', line.Split(',').Take(3)))
            .ToList();
        found.ShouldContain("missing_picture 3 A3");
        found.ShouldContain("same_text 2 A2");
        found.ShouldContain("same_picture 4 A4");
        found.Count(line => line.StartsWith("leak", StringComparison.Ordinal)).ShouldBe(2);
        using var json = System.Text.Json.JsonDocument.Parse(
            trained.Run(["data", "check", "--data", table, .. columns, "--json"]).ShouldEndWith(0).Output
        );
        json.RootElement.GetProperty("issues").GetProperty("leak").GetInt32().ShouldBe(2);
        trained.Run("data", "check", "--data", "gone.csv").ShouldEndWith(2).Error.ShouldContain("gone.csv");
        trained.Run("data", "check", "--data", table).ShouldEndWith(2).Error.ShouldContain("--text");
        trained.Run("data", "chek").ShouldEndWith(2);
    }

    private static void MakeHdf5(string path)
    {
        Missing(!File.Exists(Python), $"{Python} is missing; it makes HDF5 files");
        const string Script = """
            import sys, numpy as np, h5py
            n, r = 40, np.random.RandomState(3)
            label = np.arange(n) % 2
            pixels = (r.randint(0, 60, (n, 48, 48, 3)) + 150 * label[:, None, None, None]).astype('u1')
            with h5py.File(sys.argv[1], 'w') as f:
                f['input_image'] = pixels
                f['input_name'] = np.array([[('coat %d' % i).encode()] for i in range(n)])
                f['input_description'] = np.array([[b'warm'] for i in range(n)])
                f['input_category'] = np.array([[b'TOPS' if l else b'JEANS'] for l in label])
                f['input_productID'] = np.arange(n).reshape(n, 1)
            """;
        using var process = Process.Start(
            new ProcessStartInfo(Python, ["-c", Script, path]) { RedirectStandardError = true, UseShellExecute = false }
        )!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Missing(error.Contains("No module named", StringComparison.Ordinal), "h5py is missing (Debian: python3-h5py); it makes HDF5 files");
        process.ExitCode.ShouldBe(0, error);
        try
        {
            Hdf5File.Open(path).Dispose();
        }
        catch (TableException e) when (e.Message.Contains("the library libhdf5 is not", StringComparison.Ordinal))
        {
            Missing(true, e.Message);
        }
    }

    private static void Missing(bool missing, string reason)
    {
        (missing && string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase)).ShouldBeFalse(
            reason
        );
        Skip.If(missing, reason);
    }
}
