// Every setting of the service, with its range.
namespace Duet.Server;

/// <summary>How the service listens, makes batches, limits requests and stops.</summary>
public sealed record ServerSettings
{
    /// <summary>Addresses to listen on, <c>http://HOST:PORT</c>; the machine itself only by default.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>The most products of a forward pass.</summary>
    public int MaxBatch { get; init; } = 16;

    /// <summary>How long the first product of a batch waits for others that are on their way, in milliseconds.</summary>
    public double BatchWait { get; init; } = 5;

    /// <summary>The most products that wait for a forward pass, those that are being decoded included; beyond it requests get
    /// 429.</summary>
    public int QueueLimit { get; init; } = 256;

    /// <summary>How long a request may take after its body was read, in seconds; then it gets 504.</summary>
    public double Deadline { get; init; } = 10;

    /// <summary>How long the body of a request may take to arrive, in seconds; then it gets 408.</summary>
    public double BodyDeadline { get; init; } = 30;

    /// <summary>How long a stop waits for requests that have begun, in seconds.</summary>
    public double DrainTime { get; init; } = 30;

    /// <summary>Threads that decode pictures.</summary>
    public int DecodeThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>The most products of a request.</summary>
    public int MaxProducts { get; init; } = 64;

    /// <summary>The most bytes of a request's body.</summary>
    public long MaxBodyBytes { get; init; } = 32L << 20;

    /// <summary>The most bytes of all bodies that are in memory at a time; beyond it requests get 429.</summary>
    public long MaxBodyMemory { get; init; } = 512L << 20;

    /// <summary>The most bytes of a picture.</summary>
    public long MaxPictureBytes { get; init; } = 10L << 20;

    /// <summary>The most pixels (width x height) of a picture.</summary>
    public long MaxPixels { get; init; } = 40_000_000;

    /// <summary>The most characters of a product's texts together.</summary>
    public int MaxText { get; init; } = 20_000;

    /// <summary>The most labels of a zero-shot request.</summary>
    public int MaxLabels { get; init; } = 1000;

    /// <summary>The most connections at a time.</summary>
    public int MaxConnections { get; init; } = 2000;

    /// <summary>The most requests per second of one key, or of one other machine where no key is needed; 0 for no limit. Twice as many
    /// may come at once.</summary>
    public int RequestRate { get; init; } = 200;

    /// <summary>How often the run folders are looked at for a new model, in seconds; 0 for never.</summary>
    public double ReloadInterval { get; init; } = 5;

    /// <summary>Whether requests beyond the machine itself need no key.</summary>
    public bool AllowAnonymous { get; init; }

    /// <summary>Checks every setting.</summary>
    /// <exception cref="OptionException">One is outside its range; the message names it.</exception>
    public void Validate()
    {
        OptionException.Require(nameof(MaxBatch), MaxBatch, 1, 1024, "a forward pass needs a product and must fit memory");
        OptionException.Require(nameof(BatchWait), BatchWait, 0, 1000, "nobody should wait a second for company");
        OptionException.Require(nameof(QueueLimit), QueueLimit, 1, 100_000, "every waiting product is in memory, decoded");
        OptionException.Require(nameof(Deadline), Deadline, 0.05, 3600, "an answer takes some time");
        OptionException.Require(nameof(BodyDeadline), BodyDeadline, 0.05, 3600, "a body takes some time to arrive");
        OptionException.Require(nameof(DrainTime), DrainTime, 0, 3600, "a stop has to end");
        OptionException.Require(nameof(DecodeThreads), DecodeThreads, 1, 256, "one thread at least decodes");
        OptionException.Require(nameof(MaxProducts), MaxProducts, 1, 10_000, "a request has a product");
        OptionException.Require(
            MaxProducts <= QueueLimit,
            $"MaxProducts is {MaxProducts}; it must be {QueueLimit} at most, as many as the queue takes (QueueLimit), or no such request "
                + "could ever be answered."
        );
        OptionException.Require(nameof(MaxBodyBytes), MaxBodyBytes, 1024, 1L << 30, "a body is read into memory");
        OptionException.Require(
            MaxBodyMemory >= MaxBodyBytes && MaxBodyMemory <= 1L << 40,
            $"MaxBodyMemory is {MaxBodyMemory}; it must be at least {MaxBodyBytes}, the largest body (MaxBodyBytes), and at most 1 TiB."
        );
        OptionException.Require(nameof(MaxPictureBytes), MaxPictureBytes, 1024, 32L << 20, "the decoder takes no larger files");
        OptionException.Require(nameof(MaxPixels), MaxPixels, 1, 64_000_000, "the decoder takes no larger pictures");
        OptionException.Require(nameof(MaxText), MaxText, 1, 10_000_000, "texts are read whole");
        OptionException.Require(nameof(MaxLabels), MaxLabels, 2, 100_000, "one label leaves nothing to choose");
        OptionException.Require(nameof(MaxConnections), MaxConnections, 1, 1_000_000, "somebody has to connect");
        OptionException.Require(nameof(RequestRate), RequestRate, 0, 1_000_000, "it is a number of requests per second");
        OptionException.Require(nameof(ReloadInterval), ReloadInterval, 0, 86_400, "0 turns reloading off");
        ListenAddress.ParseAll(Urls);
    }
}
