// A pre-trained checkpoint, opened: what it is, its shapes, its tokenizer, its weights.
using Duet.Models.Pretrained.Hub;
using Duet.Models.Pretrained.Onnx;
using Duet.Models.Pretrained.Starter;
using Duet.Text;
using Duet.Torch;
using Duet.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Pretrained;

/// <summary>
/// Published weights: a Hugging Face folder (CLIP, SigLIP, BERT, RoBERTa and XLM-R, T5 and mT5, ViT, ResNet), an open_clip folder, OpenAI's
/// or torchvision's state dictionary, or a run of Duet. Safetensors are read, in one file or in shards, and the weights of ONNX files.
/// <see cref="PretrainedLoader"/> puts them into systems.
/// </summary>
public sealed class PretrainedSource : IDisposable
{
    private static readonly string[] WordTables = ["token_embedding.weight", "word_embeddings.weight", "shared.weight"];

    private readonly CheckpointFiles _files;
    private readonly ISafetensorsSource _weights;

    private PretrainedSource(string name, CheckpointFiles files, ISafetensorsSource weights, PretrainedRecognition found)
    {
        (Name, _files, _weights) = (name, files, weights);
        (Format, Towers, Names) = (found.Format, found.Towers, found.Names);
    }

    /// <summary>The source as it was asked for.</summary>
    public string Name { get; }

    /// <summary>Whose names and configuration it follows.</summary>
    public PretrainedFormat Format { get; }

    /// <summary>The towers' shapes, and what pictures and texts they were trained with.</summary>
    public PretrainedTowers Towers { get; private set; }

    /// <summary>The folder that holds the source's files.</summary>
    public string Folder => _files.Folder;

    /// <summary>The file with the weights, or the index of its shards.</summary>
    public string WeightsPath => _files.Weights;

    /// <summary>The format's name table.</summary>
    internal NameMap Names { get; }

    /// <summary>Opens a source.</summary>
    /// <param name="source">
    /// A folder, a <c>.safetensors</c> or <c>.onnx</c> file, an index of shards, a model's name on the hub
    /// (<c>openai/clip-vit-base-patch32</c>), or one of the starter weights (<c>starter/minilm</c>).
    /// </param>
    /// <param name="hub">The hub's address, cache and token; from the environment where null. Used for names only.</param>
    /// <param name="cancellation">Stops a download.</param>
    /// <exception cref="PretrainedException">It is missing, of no known format, or its configuration cannot be used.</exception>
    /// <exception cref="SafetensorsException">The weights, or one of their shards, are damaged.</exception>
    /// <exception cref="HubException">The hub or the package feed does not give it.</exception>
    public static PretrainedSource Open(string source, HubOptions? hub = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        if (!Path.Exists(source) && StarterWeights.IsName(source))
        {
            var folders = Task.Run(() => new StarterWeights(hub).PullAsync(source, cancellation: cancellation), cancellation)
                .GetAwaiter()
                .GetResult();
            return folders is [var folder]
                ? OpenPath(source, folder)
                : throw new PretrainedException(
                    $"{source} is a pair of towers ({string.Join(", ", StarterWeights.Models)}); name one of them here."
                );
        }

        return IsHubName(source)
            ? OpenPath(source, Task.Run(() => PullAsync(source, hub, cancellation), cancellation).GetAwaiter().GetResult())
            : OpenPath(source, source);
    }

    /// <summary>Opens several sources named in one text, separated by commas: the one with the pictures' tower first, then the one with the
    /// texts' (<see cref="TowerRoles"/>).</summary>
    /// <exception cref="PretrainedException">One is missing, of no known format, or its configuration cannot be used.</exception>
    /// <exception cref="OptionException">Two hold the same kind of tower.</exception>
    /// <exception cref="SafetensorsException">The weights, or one of their shards, are damaged.</exception>
    /// <exception cref="HubException">The hub does not give one.</exception>
    public static IReadOnlyList<PretrainedSource> OpenAll(string sources, HubOptions? hub = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(sources);
        string[] names = Path.Exists(sources)
            ? [sources]
            :
            [
                .. sources
                    .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .SelectMany(StarterWeights.Expand),
            ];
        var opened = new List<PretrainedSource>();
        try
        {
            foreach (var name in names)
            {
                opened.Add(Open(name, hub, cancellation));
            }

            var roles = TowerRoles.Assign([.. opened.Select(source => (source.Name, source.Towers))]);
            for (var i = 0; i < opened.Count; i++)
            {
                opened[i].Towers = roles[i];
            }

            return opened;
        }
        catch
        {
            opened.ForEach(source => source.Dispose());
            throw;
        }
    }

    /// <summary>
    /// The tokenizer beside the weights (<c>tokenizer.json</c>, <c>vocab.json</c> with <c>merges.txt</c>, <c>vocab.txt</c>, a SentencePiece
    /// model, or the published gzip file); null where there is none. Its vocabulary has as many ids as the embedding table has rows; T5's
    /// tables have some more.
    /// </summary>
    /// <exception cref="TokenizerFormatException">The file is damaged or of an unsupported kind.</exception>
    /// <exception cref="PretrainedException">The vocabulary does not match the embedding table.</exception>
    public ITokenizer? LoadTokenizer()
    {
        if (Towers.Tokenizer is null || !Tokenizers.IsIn(Folder))
        {
            return null;
        }

        // The SentencePiece model is the original; a tokenizer.json beside it describes it in another library's terms.
        var original = Path.Combine(Folder, "spiece.model");
        var tokenizer =
            IsSigLip && File.Exists(original) ? Tokenizers.Load(original)
            : File.Exists(Path.Combine(Folder, "tokenizer.json")) || !File.Exists(Path.Combine(Folder, "vocab.txt"))
                ? Tokenizers.Load(Folder)
            : WordPiece.Read(Path.Combine(Folder, "vocab.txt"), WordPieceSettings());
        tokenizer = Cleaned(tokenizer);
        CheckVocabulary(tokenizer);
        return tokenizer;
    }

    /// <summary>A tokenizer from another place, with the text cleaning that the weights were trained with.</summary>
    /// <param name="path">A tokenizer's file or folder.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="TokenizerFormatException">The file is damaged or of an unsupported kind.</exception>
    internal ITokenizer LoadTokenizer(string path) => Cleaned(Tokenizers.Load(path));

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();

    /// <summary>All tensors by published name, in float32.</summary>
    internal Dictionary<string, Tensor> ReadTensors(out IReadOnlyDictionary<ScalarType, int> converted) =>
        CheckpointTensors.Read(_weights, out converted);

    /// <summary>The element type a tensor is stored in, as the file spells it.</summary>
    internal string StoredType(string name) => _weights.TryGet(name, out var entry) ? entry.Type.HeaderName() : "nothing";

    private static bool IsHubName(string source) =>
        !Path.Exists(source)
        && !Path.IsPathRooted(source)
        && !source.StartsWith('.')
        && !source.EndsWith(".safetensors", StringComparison.Ordinal)
        && !OnnxWeights.IsName(source)
        && source.Split('/') is [{ Length: > 0 }, { Length: > 0 }];

    private static async Task<string> PullAsync(string name, HubOptions? hub, CancellationToken cancellation)
    {
        using var client = new HubClient(hub);
        try
        {
            return (await client.PullAsync(name, cancellation: cancellation).ConfigureAwait(false)).Folder;
        }
        catch (ArgumentException e)
        {
            throw new PretrainedException(
                $"{name}: there is no such file or folder, and it is not a model's name on a hub, such as openai/clip-vit-base-patch32.",
                e
            )
            {
                IsMissing = true,
            };
        }
    }

    private static PretrainedSource OpenPath(string name, string path)
    {
        var files = CheckpointFiles.Find(path);
        var weights = OnnxWeights.IsName(files.Weights) ? OnnxWeights.Open(files.Weights) : SafetensorsSource.Open(files.Weights);
        try
        {
            var source = new PretrainedSource(name, files, weights, PretrainedRecognition.Of(files, weights));
            source.CheckWordTable();
            return source;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    // SigLIP's files hold a vocabulary; what comes before it depends on who trained with it.
    private ITokenizer Cleaned(ITokenizer tokenizer) =>
        !IsSigLip ? tokenizer
        : tokenizer is SigLip2Tokenizer gemma ? gemma.With(Towers.Cleaning ?? gemma.Cleaning)
        : SigLipTokenizer.From(tokenizer, Towers.Cleaning)
            ?? throw new PretrainedException(
                $"{Name}: the tokenizer is of kind {tokenizer.Kind}, but SigLIP learned with a SentencePiece unigram vocabulary that "
                    + "begins with <pad>, </s> and <unk>, and SigLIP 2 with Gemma's. Put the model's own spiece.model or tokenizer.json "
                    + "beside the weights, or name it."
            );

    private bool IsSigLip => Towers.SigLip is not null && Towers.Tokenizer is SigLipTokenizer.KindName or SigLip2Tokenizer.KindName;

    private SafetensorsEntry? WordTable() =>
        _weights.Entries.FirstOrDefault(entry =>
            entry.Shape.Length == 2 && Array.Exists(WordTables, name => entry.Name.EndsWith(name, StringComparison.Ordinal))
        );

    private void CheckWordTable()
    {
        if (Towers.VocabularySize is { } size && WordTable() is { } table && table.Shape[0] != size)
        {
            throw new PretrainedException(
                $"{WeightsPath}: tensor '{table.Name}' has {table.Shape[0]} rows, but the configuration's vocabulary has {size} ids. "
                    + $"The two files do not belong together."
            );
        }
    }

    private void CheckVocabulary(ITokenizer tokenizer)
    {
        var rows = WordTable() is { } table ? table.Shape[0] : Towers.VocabularySize ?? tokenizer.VocabularySize;
        if (tokenizer.VocabularySize != rows && !(Towers.T5 is not null && TowerState.IsPadded(rows, tokenizer.VocabularySize)))
        {
            throw new PretrainedException(
                $"{Folder}: the tokenizer there has {tokenizer.VocabularySize} ids, but {Path.GetFileName(WeightsPath)} has {rows} "
                    + $"rows in '{WordTable()?.Name}'. "
                    + "Take the vocabulary the weights were trained with: every id needs its own row."
            );
        }
    }

    // vocab.txt does not say whether the model is cased; tokenizer_config.json does.
    private WordPieceOptions WordPieceSettings()
    {
        if (_files.TokenizerConfiguration is not { } path)
        {
            return new WordPieceOptions();
        }

        var settings = ConfigurationReader.Open(path);
        var options = new WordPieceOptions
        {
            LowerCase = settings.Flag("do_lower_case", otherwise: true),
            SplitChineseCharacters = settings.Flag("tokenize_chinese_chars", otherwise: true),
        };
        return settings.Has("strip_accents") ? options with { StripAccents = settings.Flag("strip_accents", otherwise: true) } : options;
    }
}
