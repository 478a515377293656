// A table with planted faults: how many of them a check finds, and how much it finds that was not planted.
using System.Globalization;
using Duet.Data;
using Duet.Data.Checks;
using Duet.Tests.Data.Formats;
using Duet.Tests.Vision;
using Duet.Vision;

namespace Duet.Tests.Data.Checks;

public sealed class DataCheckerTests(Xunit.Abstractions.ITestOutputHelper told)
{
    private const int Products = 1200;
    private const int Planted = 40;

    [Fact]
    public void Planted_faults_are_found()
    {
        using var folder = new TemporaryFolder();
        var options = new SyntheticOptions
        {
            Count = Products,
            ImageSize = 64,
            Seed = 5,
            WrongLabels = 0.03,
        };
        var files = SyntheticCatalog.Write(folder.Path, options);
        var plant = Plant(folder, files);
        var report = DataChecker.Check(SyntheticCatalog.TableOptions(files.Table), new DataCheckOptions { Threads = 2 });

        Recall(DataIssueKind.BrokenPicture, plant.Broken, leastPrecision: 1);
        Recall(DataIssueKind.SamePicture, plant.Copies, leastPrecision: 0.95);
        Recall(DataIssueKind.NearPicture, plant.Near, leastPrecision: 0.5);
        Recall(DataIssueKind.SameText, plant.Titles, leastPrecision: 0.95);
        Recall(DataIssueKind.Leak, plant.Leaks, leastPrecision: 0.5);
        report.Rows.ShouldBe(Products + (3 * Planted));
        report.Tasks.Keys.ShouldBe(SyntheticCatalog.Tasks);
        report.Languages["latin"].ShouldBe(Products + (3 * Planted));

        foreach (var task in SyntheticCatalog.Tasks)
        {
            var wrong = files
                .Products.Where(product => product.Labels[task] is { } label && label != product.Truth[task])
                .Select(product => product.Id)
                .ToHashSet();
            var suspects = report.Issues.Where(issue => issue.Kind == DataIssueKind.SuspectLabel && issue.Task == task).ToList();
            var hits = suspects.Count(issue => wrong.Contains(issue.Id));
            var top = suspects.Take(wrong.Count).Count(issue => wrong.Contains(issue.Id));
            told.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{task}: wrong {wrong.Count}, suspects {suspects.Count}, recall {(double)hits / wrong.Count:0.000}, precision "
                        + $"{(double)hits / Math.Max(1, suspects.Count):0.000}, precision at {wrong.Count} "
                        + $"{(double)top / wrong.Count:0.000}, fit "
                        + $"{report.Tasks[task].Accuracy:0.000}"
                )
            );

            // Of what a linear model on coarse features can see; the rest must be looked at by people.
            ((double)hits / wrong.Count).ShouldBeGreaterThanOrEqualTo(0.65, task);
        }

        void Recall(DataIssueKind kind, HashSet<string> planted, double leastPrecision)
        {
            var found = report.Issues.Where(issue => issue.Kind == kind).Select(issue => issue.Id).ToHashSet();
            var hits = planted.Count(found.Contains);
            told.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{kind}: planted {planted.Count}, found {found.Count}, recall {(double)hits / planted.Count:0.000}, precision "
                        + $"{(double)hits / Math.Max(1, found.Count):0.000}"
                )
            );
            ((double)hits / planted.Count).ShouldBeGreaterThanOrEqualTo(0.95, kind.ToString());
            ((double)hits / found.Count).ShouldBeGreaterThanOrEqualTo(leastPrecision, kind.ToString());
        }
    }

    [Fact]
    public void Wrong_and_missing_labels_are_found_where_products_have_several()
    {
        const int Rows = 600;
        string[] tags = ["warm", "formal", "sport", "summer"];
        string[] words = ["wool fleece", "suit tie", "run gym", "linen beach"];
        using var folder = new TemporaryFolder();
        var random = new Random(3);
        var (lines, spoilt) = (new List<string> { "id,text,tags" }, new HashSet<(string Id, string Tag)>());
        for (var i = 0; i < Rows; i++)
        {
            var has = tags.Select(_ => random.NextDouble() < 0.3).ToArray();
            var text = string.Join(' ', words.Where((_, tag) => has[tag]).Prepend($"brand{random.Next(20)} article{random.Next(50)}"));
            if (random.NextDouble() < 0.06)
            {
                var wrong = random.Next(tags.Length);
                has[wrong] = !has[wrong];
                spoilt.Add(($"p{i}", tags[wrong]));
            }

            lines.Add($"p{i},{text},{string.Join('|', tags.Where((_, tag) => has[tag]).DefaultIfEmpty("none"))}");
        }

        var table = new TableOptions
        {
            Path = folder.Write("tags.csv", string.Join('\n', lines) + "\n"),
            TextColumns = ["text"],
            Tasks = [TaskColumn.Multi("tags")],
        };
        var report = DataChecker.Check(table, new DataCheckOptions { Threads = 1 });
        var suspects = report.Issues.Where(issue => issue.Kind == DataIssueKind.SuspectLabel).ToList();
        var hits = suspects.Count(issue =>
            spoilt.Any(one => one.Id == issue.Id && issue.Detail.Contains($"'{one.Tag}'", StringComparison.Ordinal))
        );
        told.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"tags: wrong {spoilt.Count}, suspects {suspects.Count}, hits {hits}, fit {report.Tasks["tags"].Accuracy:0.000}"
            )
        );
        hits.ShouldBeGreaterThanOrEqualTo((int)(0.75 * spoilt.Count));
        ((double)hits / suspects.Count).ShouldBeGreaterThan(0.7);
        suspects.Take(hits / 2).ShouldAllBe(issue => spoilt.Any(one => one.Id == issue.Id));
        report.Tasks["tags"].SuspectLabels.ShouldBe(suspects.Count);
        suspects.ShouldContain(issue => issue.Detail.StartsWith("not labelled", StringComparison.Ordinal));
    }

    [Fact]
    public void Labels_that_differ_only_in_spelling_and_columns_that_are_no_labels_are_listed()
    {
        using var folder = new TemporaryFolder();
        string[] colors = ["red", "red", "RED", "blue", "blue", "café", "cafe", "light green", "lightgreen"];
        string[] sizes = ["1", "1.0", "01", "2", "2", "1,5", "1.5", "TRUE", "true"];
        folder.Write(
            "t.csv",
            "id,title,color,size,price\n"
                + string.Join('\n', Enumerable.Range(0, 18).Select(i => $"p{i},a thing {i},{colors[i % 9]},\"{sizes[i % 9]}\",{i}.99"))
                + "\n"
        );
        var table = new TableOptions
        {
            Path = folder["t.csv"],
            TextColumns = ["title"],
            Tasks = [TaskColumn.Single("color"), TaskColumn.Single("size"), TaskColumn.Single("price")],
        };
        var report = DataChecker.Check(table, new DataCheckOptions { Threads = 1 });
        report
            .Tasks["color"]
            .Spellings.Select(spellings => string.Join('=', spellings.Keys))
            .ShouldBe(["red=RED", "cafe=café", "light green=lightgreen"]);
        report.Tasks["color"].Spellings[0].Values.ShouldBe([4, 2]);
        report.Tasks["size"].Spellings.Select(spellings => string.Join('=', spellings.Keys)).ShouldBe(["01=1=1.0", "1,5=1.5", "TRUE=true"]);
        report.Tasks["size"].Classes["1"].ShouldBe(4);
        var issues = report.Issues.Where(issue => issue.Kind == DataIssueKind.LabelSpelling).ToList();
        issues.Count.ShouldBe(14);
        issues
            .First(issue => issue.Detail.StartsWith("'RED'", StringComparison.Ordinal))
            .ShouldSatisfyAllConditions(
                issue => issue.Detail.ShouldBe("'RED' differs from 'red' only in case; they count as two classes"),
                issue => (issue.Row, issue.OtherRow, issue.Task).ShouldBe((3L, 1L, "color"))
            );
        issues.ShouldContain(issue => issue.Detail == "'café' differs from 'cafe' only in accents; they count as two classes");
        issues.ShouldContain(issue => issue.Detail == "'lightgreen' differs from 'light green' only in blanks; they count as two classes");
        issues.ShouldContain(issue => issue.Detail == "'1' differs from '01' only in number format; they count as two classes");
        issues.ShouldContain(issue => issue.Detail == "'true' differs from 'TRUE' only in case; they count as one class");
        report.Tasks["price"].LooksLike!.ShouldContain("prices");
        report.Tasks["color"].LooksLike.ShouldBeNull();
    }

    [Fact]
    public void Confident_learning_agrees_with_a_joint_counted_by_hand()
    {
        // Thresholds are the mean self-confidence: (.9 + .6 + .2 + .5 + .45) / 5 = .53 for 0 and (.8 + .7 + .45) / 3 = .65 for 1. Of the
        // rows labelled 0 the first two are confidently 0, the third 1, and two are neither: 1 of 3, so 2 of 5 are suspect. Of those
        // labelled 1 none is confidently 0.
        float[][] probabilities =
        [
            [0.9f, 0.1f],
            [0.6f, 0.4f],
            [0.2f, 0.8f],
            [0.5f, 0.5f],
            [0.45f, 0.55f],
            [0.2f, 0.8f],
            [0.3f, 0.7f],
            [0.45f, 0.45f],
        ];
        var suspects = ConfidentLearning.Suspects(probabilities, [0, 0, 0, 0, 0, 1, 1, 1]);
        suspects.Select(suspect => (suspect.Index, suspect.Likelier)).ShouldBe([(2, 1), (4, 1)]);
        suspects[0].Margin.ShouldBe(0.6, 1e-6);
        suspects[1].Margin.ShouldBe(0.1, 1e-6);

        // As a task with several labels, where "not given" is all that is left to one: class 1 is missing twice, and the last row is
        // confidently without it.
        var several = ConfidentLearning.Suspects(
            [.. probabilities.Select(row => new[] { row[1] })],
            [
                [],
                [],
                [],
                [],
                [],
                [0],
                [0],
                [0],
            ]
        );
        several.Select(suspect => (suspect.Index, suspect.Class, suspect.IsGiven)).ShouldBe([(2, 0, false), (4, 0, false), (7, 0, true)]);
    }

    [Fact]
    public void Pictures_beyond_a_full_part_of_the_index_are_counted()
    {
        // All share three parts of their hash, and no two are equal.
        PictureFingerprint?[] Pictures(int count) => [.. Enumerable.Range(0, count).Select(i => Even(i))];
        NearPictures.Find(Pictures(NearPictures.MaxPerKey), 0, 1, CancellationToken.None).NotIndexed.ShouldBe(0);
        var (found, left) = NearPictures.Find(Pictures(NearPictures.MaxPerKey + 3), 0, 1, CancellationToken.None);
        left.ShouldBe(3);
        found.ShouldAllBe(other => other == -1);
    }

    [Fact]
    public void The_report_writes_figures_and_findings()
    {
        using var folder = new TemporaryFolder();
        DataSetFolders.Glami(folder);
        File.WriteAllText(folder["images/12.jpg"], "no picture");
        var report = DataChecker.Check(
            new TableOptions { Path = folder.Path },
            new DataCheckOptions { LanguageColumn = "geo", Threads = 1 }
        );
        report.Format.ShouldBe("glami-1m");
        report.PicturesNotIndexed.ShouldBe(0);
        report.Languages.Keys.Order(StringComparer.Ordinal).ShouldBe(["bg", "cz", "gr"]);
        report.Counts[DataIssueKind.BrokenPicture].ShouldBe(1);
        report.WriteIssues(folder["issues.csv"]);
        File.ReadAllLines(folder["issues.csv"])[0].ShouldBe("kind,row,id,other_row,other_id,task,score,file,detail");
        using var json = System.Text.Json.JsonDocument.Parse(report.ToJson());
        json.RootElement.GetProperty("issues").GetProperty("broken_picture").GetInt32().ShouldBe(1);
        json.RootElement.GetProperty("tasks").GetProperty("category_name").GetProperty("labelled").GetInt32().ShouldBe(3);
        Should
            .Throw<TableException>(() => DataChecker.Check(new TableOptions { Path = folder.Path }, new DataCheckOptions { NearBits = 9 }))
            .Message.ShouldContain("NearBits");
        Should
            .Throw<TableException>(() =>
                DataChecker.Check(new TableOptions { Path = folder.Path }, new DataCheckOptions { LanguageColumn = "lang" })
            )
            .Message.ShouldContain("lang");
    }

    [Fact]
    public void What_stands_in_many_rows_is_told_and_what_is_missing_is_not_broken()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 4; i++)
        {
            ImageEncoder.WriteJpeg(TestPictures.Draw(40 + i, 30, seed: i), folder[$"{i}.jpg"]);
        }

        File.Copy(folder["0.jpg"], folder["copy.jpg"]);
        var lines = Enumerable
            .Range(0, 40)
            .Select(i => $"{(i < 36 ? i % 2 == 0 ? "0.jpg" : "copy.jpg" : $"{i - 36}.jpg")},{(i < 12 ? "Buy now!" : $"hat number {i}")}");
        var table = folder.Write(
            "t.csv",
            "image,text\n" + string.Join('\n', lines) + "\ngone.jpg,one\n\"1.jpg;2.jpg\",two\n/etc/a.jpg,three\n1.jpg,\n,\n"
        );
        var options = new TableOptions
        {
            Path = table,
            ImageColumns = ["image"],
            TextColumns = ["text"],
        };
        var report = DataChecker.Check(options, new DataCheckOptions { Threads = 1 });
        (report.Rows, report.RefusedRows, report.PictureCells, report.PictureFiles, report.Pictures).ShouldBe((44, 1, 44, 6, 5));
        report.Common.ShouldBe([new CommonValue("picture", folder["0.jpg"], 37), new CommonValue("text", "Buy now!", 12)]);
        int Count(DataIssueKind kind) => report.Counts.GetValueOrDefault(kind);
        (Count(DataIssueKind.PlaceholderPicture), Count(DataIssueKind.PlaceholderText)).ShouldBe((37, 12));
        (Count(DataIssueKind.MissingPicture), Count(DataIssueKind.RefusedPicture), Count(DataIssueKind.BrokenPicture)).ShouldBe((2, 1, 0));
        (Count(DataIssueKind.SetAside), Count(DataIssueKind.NoText)).ShouldBe((1, 1));

        // Named as a placeholder it is no picture.
        var hash = Convert.ToHexString(new ImageDecoder().HashContent(folder["0.jpg"]));
        report = DataChecker.Check(options with { Placeholders = [hash] }, new DataCheckOptions { Threads = 1 });
        report.Common.ShouldBe([new CommonValue("text", "Buy now!", 12)]);
        report.Counts[DataIssueKind.NoPicture].ShouldBe(37 + 3);
    }

    [Theory]
    [InlineData("Dámské šaty", "latin")]
    [InlineData("Παπούτσια XL", "greek")]
    [InlineData("Мъжка риза", "cyrillic")]
    [InlineData("東京のシャツ", "kana")]
    [InlineData("12 / 34", "none")]
    public void Scripts_are_told_by_letters(string text, string script) => Scripts.Of(text).ShouldBe(script);

    /// <summary>Damages pictures, and adds rows with copied pictures, altered pictures and copied titles, all in the test split where their
    /// twins are in training.</summary>
    private static (
        HashSet<string> Broken,
        HashSet<string> Copies,
        HashSet<string> Near,
        HashSet<string> Titles,
        HashSet<string> Leaks
    ) Plant(TemporaryFolder folder, SyntheticFiles files)
    {
        var train = files.Products.Where(product => product.Split == "train").Take(4 * Planted).ToList();
        var rows = new List<string>();
        (HashSet<string> broken, HashSet<string> copies, HashSet<string> near, HashSet<string> titles) = ([], [], [], []);
        var decoder = new ImageDecoder();
        var random = new Random(11);
        var others = SyntheticCatalog.Create(
            new SyntheticOptions
            {
                Count = Planted,
                Seed = 99,
                ImageSize = 64,
            }
        );
        for (var i = 0; i < Planted; i++)
        {
            var damaged = folder[$"images/{train[i].Id}.jpg"];
            var bytes = File.ReadAllBytes(damaged);
            File.WriteAllBytes(
                damaged,
                i % 3 == 0 ? bytes[..(bytes.Length / 2)]
                    : i % 3 == 1 ? "words"u8.ToArray()
                    : []
            );
            broken.Add(train[i].Id);

            var copy = train[Planted + i];
            File.Copy(folder[$"images/{copy.Id}.jpg"], folder[$"images/copy{i}.jpg"]);
            copies.Add(Row($"copy{i}", copy, $"A title of its own number {i} xa"));

            var altered = train[(2 * Planted) + i];
            var image = decoder.Decode(folder[$"images/{altered.Id}.jpg"]);
            image =
                i % 2 == 0
                    ? PillowResampler.Resize(image, 50, 50, Interpolation.Bicubic)
                    : new RgbImage(image.Width, image.Height, [.. image.Pixels.Select(value => (byte)Math.Min(255, value + 6))]);
            ImageEncoder.WriteJpeg(image, folder[$"images/near{i}.jpg"], quality: 60 + random.Next(30));
            near.Add(Row($"near{i}", altered, $"Another title of its own number {i} xb"));

            var titled = train[(3 * Planted) + i];
            ImageEncoder.WriteJpeg(
                SyntheticCatalog.Render(others[i], new SyntheticOptions { Seed = 99, ImageSize = 64 }),
                folder[$"images/title{i}.jpg"]
            );
            titles.Add(Row($"title{i}", titled, titled.Title.ToUpperInvariant().Replace(" ", "  ", StringComparison.Ordinal) + "!"));
        }

        File.AppendAllLines(files.Table, rows);
        return (broken, copies, near, titles, [.. copies, .. near, .. titles]);

        string Row(string id, SyntheticProduct twin, string title)
        {
            rows.Add($"{id},images/{id}.jpg,{title},{string.Join(',', SyntheticCatalog.Tasks.Select(task => twin.Truth[task]))},test");
            return id;
        }
    }

    // A picture of even colour whose hash is its number.
    private static PictureFingerprint Even(int number) =>
        new(BitConverter.GetBytes(number))
        {
            Hash = (ulong)number,
            Grey = new byte[PictureFingerprint.GreySide * PictureFingerprint.GreySide],
            Color = new byte[4 * 4 * 3],
            IsTelling = true,
        };
}
