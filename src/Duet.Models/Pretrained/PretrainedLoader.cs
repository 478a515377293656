// Puts published weights into the towers of a system.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Pretrained;

/// <summary>
/// Starts systems from published weights: <see cref="Configure"/> gives a system the towers' shapes,
/// <see cref="Initialize"/> gives a built system the towers' weights. Nothing is dropped silently.
/// </summary>
public static class PretrainedLoader
{
    private const int MaxNamesShown = 12;

    /// <summary>
    /// The options of a system with the shapes of a source's towers. Call it on a preset, before the user's own settings: a picture size or
    /// context length set afterwards makes <see cref="Initialize"/> resize the positions.
    /// </summary>
    /// <param name="model">The system's name in the registry.</param>
    /// <param name="options">Its options.</param>
    /// <param name="source">The source.</param>
    /// <exception cref="PretrainedException">The system takes none of the source's towers.</exception>
    public static ModelOptions Configure(string model, ModelOptions options, PretrainedSource source)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(source);
        var system = SystemOf(model, source);
        SlotsOf(model, system, source);
        var configured = system.Configure(options, source.Towers);
        configured = source.Towers.Preprocessing is { } preprocessing ? configured with { Preprocessing = preprocessing } : configured;
        return source.Towers.Tokenizer is { } tokenizer && !string.Equals(configured.Tokenizer, tokenizer, StringComparison.Ordinal)
            ? configured with
            {
                Tokenizer = tokenizer,
            }
            : configured;
    }

    /// <summary>Copies a source's towers into a system.</summary>
    /// <param name="model">The system, built with the towers' shapes.</param>
    /// <param name="source">The source.</param>
    /// <param name="allowUnmatched">Whether published tensors that the format's table does not know are reported instead of
    /// refused.</param>
    /// <returns>What became of every tensor.</returns>
    /// <exception cref="PretrainedException">
    /// The source is of another architecture, lacks a tensor, has one of another shape or type, or its vocabulary does not match the
    /// system's.
    /// </exception>
    /// <exception cref="OptionException">The system's options choose other towers than the source holds.</exception>
    /// <exception cref="Duet.Torch.Safetensors.SafetensorsException">A shard is damaged.</exception>
    public static PretrainedReport Initialize(ProductModel model, PretrainedSource source, bool allowUnmatched = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var name = NameOf(model);
        var slots = SlotsOf(name, SystemOf(name, source), source, model.Options);
        var shapes = NameMap.ShapesOf(model);
        var places = Places(slots, shapes);
        var tensors = source.ReadTensors(out var converted);
        var wanted = places.ToDictionary(place => place.Key, place => shapes[place.Value], StringComparer.Ordinal);
        var mapped = Apply(source, tensors, wanted);
        var fitted = new TowerState(source, mapped, wanted, model.Context.VocabularySize);
        Check(source, name, mapped, fitted, wanted.Keys, slots, allowUnmatched);
        var state = fitted.Fit();
        model.LoadState(state.ToDictionary(tensor => places[tensor.Key], tensor => tensor.Value, StringComparer.Ordinal));
        model.TowersInitialized();
        var loaded = state.Keys.Select(key => places[key]).ToHashSet(StringComparer.Ordinal);
        return new(source.Name, source.Format)
        {
            Loaded = [.. loaded.Order(StringComparer.Ordinal)],
            New = [.. shapes.Keys.Where(key => !loaded.Contains(key))],
            Ignored = mapped.Ignored,
            Unused = [.. mapped.Unknown.Select(key => mapped.Origins[key])],
            Unmatched = mapped.Unmatched,
            Notes = [.. fitted.Notes, .. converted.Select(type => $"{type.Value} tensors converted from {type.Key} to Float32")],
        };
    }

    private static string NameOf(ProductModel model) =>
        ModelRegistry.All.FirstOrDefault(descriptor => descriptor.OptionsType == model.Options.GetType())?.Name
        ?? throw new PretrainedException($"{model.GetType().Name} is not in the registry of systems.");

    private static SystemTowers SystemOf(string model, PretrainedSource source) =>
        ModelRegistry.Find(model).Towers
        ?? throw new PretrainedException(
            $"{model} takes no pre-trained towers, so it cannot start from {source.Name}. {ModelRegistry.TowerListing}"
        );

    // A system whose options choose between towers has those of its options; before they are configured, any of them.
    private static List<TowerSlot> SlotsOf(string model, SystemTowers system, PretrainedSource source, ModelOptions? options = null)
    {
        var slots = system.Slots.Where(slot => source.Towers.Kinds.Contains(slot.Tower)).ToList();
        if (slots.Count > 0 && options is not null && system.Describe(options).Kinds is { Count: > 0 } chosen)
        {
            var taken = slots.Where(slot => chosen.Contains(slot.Tower)).ToList();
            return taken.Count > 0
                ? taken
                : throw new OptionException(
                    $"{source.Name} holds {string.Join(", ", source.Towers.Kinds.Select(kind => Tower.Of(kind).Title))}; the options of "
                        + $"{model} choose {string.Join(", ", chosen.Select(kind => Tower.Of(kind).Title))}. Leave the choice of "
                        + $"towers to --pretrained, or name weights of the chosen ones."
                );
        }

        return slots.Count > 0
            ? slots
            : throw new PretrainedException(
                $"{source.Name} is {source.Format} and holds "
                    + $"{string.Join(", ", source.Towers.Kinds.Select(kind => Tower.Of(kind).Title))}; {model} takes "
                    + $"{string.Join(", ", system.Slots.Select(slot => Tower.Of(slot.Tower).Title))}. {ModelRegistry.TowerListing}"
            );
    }

    // The system's name of every tensor of the towers it takes, by the towers' own names.
    private static Dictionary<string, string> Places(List<TowerSlot> slots, IReadOnlyDictionary<string, long[]> shapes)
    {
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in shapes.Keys)
        {
            // The first slot counts, as in the name map of a run.
            if (slots.Find(slot => name.StartsWith(slot.Prefix, StringComparison.Ordinal)) is { } slot)
            {
                places.Add(Tower.Of(slot.Tower).Prefix + name[slot.Prefix.Length..], name);
            }
        }

        return places;
    }

    private static MappedState Apply(PretrainedSource source, Dictionary<string, Tensor> tensors, Dictionary<string, long[]> wanted)
    {
        try
        {
            return source.Names.Apply(tensors, wanted);
        }
        catch (ModuleStateException e)
        {
            throw new PretrainedException($"{source.WeightsPath}: {e.Message}", e);
        }
    }

    private static void Check(
        PretrainedSource source,
        string system,
        MappedState mapped,
        TowerState fitted,
        IEnumerable<string> wanted,
        List<TowerSlot> slots,
        bool allowUnmatched
    )
    {
        string[] missing =
        [
            .. mapped.Missing.Where(name =>
                !slots.Exists(slot =>
                    Tower.Of(slot.Tower) is var tower
                    && name.StartsWith(tower.Prefix, StringComparison.Ordinal)
                    && tower.MayLack(name[tower.Prefix.Length..])
                )
            ),
        ];

        // A tensor for a tower the system takes, at a place the system has not: another architecture.
        string[] foreign = [.. mapped.Unknown.Where(name => fitted.IsForeign(name, slots)).Select(name => mapped.Origins[name])];
        string[] unmatched = allowUnmatched ? [] : [.. mapped.Unmatched];
        if (missing.Length + foreign.Length + unmatched.Length + mapped.Incomplete.Count > 0)
        {
            throw new PretrainedException(
                $"{source.WeightsPath} ({source.Format}) does not fit {system}."
                    + List("Tensors that are missing, by our names", missing)
                    + List("Tensors that are missing although related ones are there", mapped.Incomplete)
                    + List("Tensors for which this tower has no place", foreign)
                    + List("Tensors that are not understood", unmatched)
                    + $" {wanted.Count()} tensors were looked for. Is it a checkpoint of the architecture that its configuration describes?"
            );
        }
    }

    private static string List(string what, IReadOnlyList<string> names) =>
        names.Count == 0
            ? string.Empty
            : $" {what} ({names.Count}): "
                + $"{string.Join(", ", names.Take(MaxNamesShown))}{(names.Count > MaxNamesShown ? ", ..." : string.Empty)}.";
}
