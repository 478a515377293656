// The hub client where networks and servers fail: waits, cuts, silence, and going on.
using System.Net;
using Duet.Models.Pretrained.Hub;

namespace Duet.Tests.Pretrained.Hub;

public sealed class HubTroubleTests : HubTests
{
    [Fact]
    public async Task Too_many_requests_waits_as_asked()
    {
        var refused = 0;
        hub.Trouble = request =>
            request.Path.StartsWith("/api", StringComparison.Ordinal) && refused++ == 0
                ? FakeResponse.Empty(429, ("Retry-After", "1"))
                : null;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await Pull();
        watch.ElapsedMilliseconds.ShouldBeGreaterThan(900);
        refused.ShouldBe(2);
    }

    [Fact]
    public async Task Too_long_a_wait_is_an_error_that_says_how_long()
    {
        hub.Trouble = _ => FakeResponse.Empty(429, ("Retry-After", "7200"));
        (await Should.ThrowAsync<HubException>(() => Pull())).Message.ShouldContain("7200 s");
        hub.HubRequests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Server_errors_are_tried_again_and_then_reported()
    {
        var count = 0;
        hub.Trouble = _ => ++count <= 2 ? FakeResponse.Empty(503) : null;
        await Pull();
        hub.Trouble = _ => FakeResponse.Empty(500);
        var error = await Should.ThrowAsync<HubException>(() => Pull());
        error.Status.ShouldBe(HttpStatusCode.InternalServerError);
        error.Message.ShouldContain("Tried 4 times");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_connection_is_resumed_where_the_server_can(bool ranges)
    {
        hub.Ranges = ranges;
        var cuts = 0;
        hub.StorageTrouble = request => cuts++ < 2 ? hub.Content(request, Large) with { CutAfter = 700_000 } : null;
        await Pull();
        (await File.ReadAllBytesAsync(LargeBlob)).ShouldBe(hub.Files[Large]);
        hub.StorageRequests.Count.ShouldBe(3);
        hub.StorageRequests[1].Header("Range").ShouldNotBeNull();
        hub.StorageRequests[0].Header("Range").ShouldBeNull();
    }

    [Fact]
    public async Task Progress_renews_the_retries_but_going_in_circles_does_not()
    {
        // 2 retries only, 6 cuts, each a little further on.
        var cuts = 0;
        hub.StorageTrouble = request => cuts++ < 6 ? hub.Content(request, Large) with { CutAfter = 400_000 } : null;
        await Pull(Options() with { Retries = 2 });
        hub.StorageRequests.Count.ShouldBe(7);

        // A server without ranges that always cuts at the same place gets nowhere.
        File.Delete(LargeBlob);
        hub.Ranges = false;
        hub.StorageTrouble = request => hub.Content(request, Large) with { CutAfter = 400_000 };
        (await Should.ThrowAsync<HubException>(() => Pull(Options() with { Retries = 2 }))).Message.ShouldContain("cut");
        hub.StorageRequests.Count.ShouldBeLessThan(7 + 6);
    }

    [Fact]
    public async Task A_new_process_continues_where_the_last_one_was_stopped()
    {
        using var stop = new CancellationTokenSource();
        hub.StorageTrouble = request => hub.Content(request, Large) with { CutAfter = 1_000_000, Stall = true };
        await Should.ThrowAsync<OperationCanceledException>(() =>
            Pull(
                progress: new Watcher(report =>
                {
                    if (report.File == Large && report.FileBytes >= 1_000_000)
                    {
                        stop.Cancel();
                    }
                }),
                cancellation: stop.Token
            )
        );
        new FileInfo(LargeBlob + ".incomplete").Length.ShouldBe(1_000_000);
        File.Exists(Path.Combine(ModelFolder, "refs", "main")).ShouldBeFalse("half a snapshot has no reference");

        hub.StorageTrouble = null;
        await Pull();
        hub.StorageRequests[^1].Header("Range").ShouldBe("bytes=1000000-");
        (await File.ReadAllBytesAsync(LargeBlob)).ShouldBe(hub.Files[Large]);
    }

    [Fact]
    public async Task A_silent_connection_counts_as_cut()
    {
        var first = true;
        hub.StorageTrouble = request =>
        {
            var silent = first;
            first = false;
            return silent ? hub.Content(request, Large) with { CutAfter = 10, Stall = true } : null;
        };
        await Pull(Options() with { StallTimeout = TimeSpan.FromMilliseconds(500) });
        (await File.ReadAllBytesAsync(LargeBlob)).ShouldBe(hub.Files[Large]);
    }

    [Fact]
    public async Task A_damaged_rest_of_an_earlier_download_is_noticed()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LargeBlob)!);
        await File.WriteAllBytesAsync(LargeBlob + ".incomplete", new byte[500]);
        (await Should.ThrowAsync<HubException>(() => Pull())).Message.ShouldContain("does not have the hash");
        await Pull();
        (await File.ReadAllBytesAsync(LargeBlob)).ShouldBe(hub.Files[Large]);
    }

    [Fact]
    public async Task A_rest_longer_than_the_file_is_dropped()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LargeBlob)!);
        await File.WriteAllBytesAsync(LargeBlob + ".incomplete", new byte[hub.Files[Large].Length + 1]);
        await Pull();
        (await File.ReadAllBytesAsync(LargeBlob)).ShouldBe(hub.Files[Large]);
    }

    [Fact]
    public async Task A_server_without_head_is_taken_by_its_listing()
    {
        hub.Trouble = request => request.Method == "HEAD" ? FakeResponse.Empty(405) : null;
        (await Pull()).Files.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        var error = await Should.ThrowAsync<HubException>(() =>
            Pull(Options() with { BaseAddress = new Uri("http://127.0.0.1:9/"), Retries = 1 })
        );
        error.Message.ShouldContain("127.0.0.1 cannot be reached");
        error.Message.ShouldContain("Tried 2 times");
    }
}
