// duet serve
using System.CommandLine;
using System.Globalization;
using Duet.Cli.Settings;
using Duet.Inference;
using Duet.Server;

namespace Duet.Cli.Commands;

/// <summary>Answers over HTTP until it is told to stop.</summary>
internal sealed class ServeCommand : Verb
{
    private const string KeyVariable = "DUET_API_KEYS";

    private static readonly ServerSettings Defaults = new();

    private readonly Argument<string> _run = UseOptionSet.RunArgument();
    private readonly UseOptionSet _use = new(tables: false);

    private readonly Option<string[]> _models = new("--model")
    {
        HelpName = "NAME=RUN",
        Description =
            "A further run, under the name that requests call it by; RUN itself goes by its folder's name and answers requests that name "
            + "none. May be given again.",
    };

    private readonly Option<bool> _allowAnonymous = new("--allow-anonymous")
    {
        Description = "Answer other machines without a key. Without it, listening beyond this machine needs keys in " + KeyVariable + ".",
    };

    private readonly SettingOption[] _settings =
    [
        new("urls", "URL,...", $"Addresses to listen on ({SettingValue.Format(Defaults.Urls)}: this machine only). TLS is for a proxy."),
        new("max_batch", "N", $"The most products of a forward pass, 1 to 1024 ({Defaults.MaxBatch})."),
        new(
            "batch_wait",
            "MS",
            $"How long the first product of a batch waits for others that are on their way, 0 to 1000 ({Number(Defaults.BatchWait)})."
        ),
        new("queue_limit", "N", $"The most products that wait; beyond it requests get 429 ({Defaults.QueueLimit})."),
        new("deadline", "S", $"Seconds until a request gets 504 ({Number(Defaults.Deadline)})."),
        new("body_deadline", "S", $"Seconds until a body that does not arrive gets 408 ({Number(Defaults.BodyDeadline)})."),
        new("drain_time", "S", $"Seconds that a stop waits for requests that have begun ({Number(Defaults.DrainTime)})."),
        new("decode_threads", "T", $"Threads that decode pictures, 1 to 256 (all cores: {Defaults.DecodeThreads} here)."),
        new("max_products", "N", $"The most products of a request ({Defaults.MaxProducts})."),
        new("max_body_bytes", "N", $"The most bytes of a request ({Defaults.MaxBodyBytes})."),
        new("max_body_memory", "N", $"The most bytes of all requests in memory ({Defaults.MaxBodyMemory})."),
        new("max_picture_bytes", "N", $"The most bytes of a picture ({Defaults.MaxPictureBytes})."),
        new("max_pixels", "N", $"The most pixels of a picture ({Defaults.MaxPixels})."),
        new("max_text", "N", $"The most characters of a product's text ({Defaults.MaxText})."),
        new("max_labels", "N", $"The most labels of a zero-shot request ({Defaults.MaxLabels})."),
        new("max_connections", "N", $"The most connections at a time ({Defaults.MaxConnections})."),
        new(
            "request_rate",
            "N",
            $"The most requests per second of a key, or of another machine where no key is needed; 0 for no limit "
                + $"({Defaults.RequestRate})."
        ),
        new(
            "reload_interval",
            "S",
            $"Seconds between looks for a new model in the run folders; 0 for never ({Number(Defaults.ReloadInterval)})."
        ),
    ];

    /// <summary>Creates the command.</summary>
    public ServeCommand()
        : base(
            "serve",
            "Answers over HTTP: classification, embeddings, explanations.",
            "It listens on this machine unless told otherwise; requests of other machines need a key from the environment variable "
                + KeyVariable
                + ". /docs shows what can be asked. A new model in a run folder is served without a restart. SIGTERM and Ctrl-C let "
                + "requests that have begun finish. Logs are JSON lines on standard error.",
            "duet serve runs/first",
            "duet serve runs/first --model shoes=runs/shoes --threads 1",
            "DUET_API_KEYS=$(openssl rand -hex 24) duet serve runs/first --urls http://0.0.0.0:8080"
        )
    {
        Arguments.Add(_run);
        Options.Add(_models);
        foreach (var option in _settings)
        {
            Options.Add(option);
        }

        Options.Add(_allowAnonymous);
        _use.AddTo(this);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult parsed, Session session) => RunAsync(parsed, session).GetAwaiter().GetResult();

    private async Task<int> RunAsync(ParseResult parsed, Session session)
    {
        var settings = SettingOption.Apply(_settings, parsed, Defaults) with { AllowAnonymous = parsed.GetValue(_allowAnonymous) };
        ServedRun[] runs = [ServedRun.Of(parsed.GetValue(_run)!), .. (parsed.GetValue(_models) ?? []).Select(ServedRun.Parse)];
        await using var server = await DuetServer.StartAsync(
            runs,
            settings,
            _use.Read(parsed),
            Environment.GetEnvironmentVariable(KeyVariable),
            session.Stop
        );
        session.Terminal.Line($"Serving {string.Join(", ", runs.Select(run => run.Name))} on {string.Join(", ", server.Addresses)}");
        session.Terminal.Remark($"Open it in a browser to try a product; {server.Addresses[0]}/docs is for programs. Ctrl-C stops.");
        await Stopped(session.Stop);
        session.Terminal.Line("Stopping: requests that have begun are answered.");
        await server.StopAsync(CancellationToken.None);
        return ExitCode.Success;
    }

    private static Task Stopped(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stop.Register(stopped.SetResult);
        return stopped.Task;
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
