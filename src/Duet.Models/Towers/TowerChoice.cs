// The towers that systems choose from: a new tower is a record, an adapter and one line here.
namespace Duet.Models.Encoders;

/// <summary>The lists of picture towers and of text towers, by the names of <c>image.tower</c> and <c>text.tower</c>.</summary>
public sealed class TowerChoice
{
    private const int TinyWidth = 64;
    private const int SmallWidth = 256;

    private readonly List<(string Name, object Tiny, object Small, object Published)> _towers;
    private readonly Func<object, string?, object> _named;
    private readonly Func<object, int> _width;

    private TowerChoice(
        Type type,
        string group,
        List<(string Name, object Tiny, object Small, object Published)> towers,
        Func<object, string?, object> named,
        Func<object, int> width
    ) => (Type, Group, _towers, _named, _width) = (type, group, towers, named, width);

    /// <summary>The picture towers; the first is the usual one and has no name in files, as in runs before there was a choice.</summary>
    internal static TowerChoice Pictures { get; } =
        new(
            typeof(PictureTowerOptions),
            "image",
            [
                ("clip-vit", ClipVitTower.Tiny, VisionTransformerOptions.Small, new VisionTransformerOptions()),
                ("clip-resnet", ClipResNetTower.Tiny, ClipResNetTower.Small, new ModifiedResNetOptions()),
                ("vit", VitTowerOptions.Tiny, VitTowerOptions.Small, new VitTowerOptions()),
                ("resnet", ResNetOptions.Tiny, ResNetOptions.Small, ResNetOptions.ResNet50),
            ],
            (options, name) => (PictureTowerOptions)options with { Tower = name },
            options =>
                options switch
                {
                    VisionTransformerOptions clip => clip.Width,
                    VitTowerOptions vit => vit.Width,
                    ResNetOptions network => network.OutputChannels,
                    _ => int.MaxValue,
                }
        );

    /// <summary>The text towers; the first is the usual one. BERT is also RoBERTa and XLM-R, T5 also mT5.</summary>
    internal static TowerChoice Texts { get; } =
        new(
            typeof(TextTowerOptions),
            "text",
            [
                ("clip", ClipTextTower.Tiny, TextTransformerOptions.Small, new TextTransformerOptions()),
                ("bert", BertTowerOptions.Tiny, BertTowerOptions.Small, new BertTowerOptions()),
                ("t5", T5Options.Tiny, T5TextTower.Small, new T5Options()),
            ],
            (options, name) => (TextTowerOptions)options with { Tower = name },
            options => ((TextTowerOptions)options).SequenceWidth
        );

    /// <summary>Every list.</summary>
    public static IReadOnlyList<TowerChoice> All { get; } = [Pictures, Texts];

    /// <summary>The type of a property that holds a choice.</summary>
    public Type Type { get; }

    /// <summary>The settings' group, in messages.</summary>
    internal string Group { get; }

    /// <summary>The usual tower's type.</summary>
    internal Type Usual => _towers[0].Published.GetType();

    /// <summary>The towers' names.</summary>
    public IReadOnlyList<string> Names => _towers.ConvertAll(tower => tower.Name);

    /// <summary>The records by name.</summary>
    internal IReadOnlyDictionary<string, Type> Types =>
        _towers.ToDictionary(tower => tower.Name, tower => tower.Published.GetType(), StringComparer.Ordinal);

    /// <summary>The list of a property's type; null where it holds no choice.</summary>
    public static TowerChoice? Of(Type property) => All.FirstOrDefault(choice => choice.Type == property);

    /// <summary>A tower's name.</summary>
    /// <param name="options">Its settings.</param>
    public string NameOf(object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return _towers.Find(tower => tower.Published.GetType() == options.GetType()).Name;
    }

    /// <summary>A tower under its name, as a choice holds it; the usual one has none.</summary>
    /// <exception cref="OptionException">The record has the name of another tower.</exception>
    internal object Named(object options, string? given)
    {
        var name = NameOf(options);
        OptionException.Require(
            given is null || string.Equals(given, name, StringComparison.Ordinal),
            $"{Group}.tower is '{given}'; there are {string.Join(", ", Names)}."
        );
        return _named(options, options.GetType() == Usual ? null : name);
    }

    /// <summary>Another tower of about the size of this one: tiny, small or as published.</summary>
    /// <param name="current">The tower that is there.</param>
    /// <param name="name">The name of the wanted one.</param>
    /// <exception cref="OptionException">There is no such tower; the message lists those there are.</exception>
    public object Switch(object current, string name)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(name);
        var wanted = name.Replace('_', '-');
        OptionException.Require(
            Names.Contains(wanted, StringComparer.Ordinal),
            $"{Group}.tower is '{name}'; it must be one of {string.Join(", ", Names)}."
        );
        var tower = _towers.Find(tower => string.Equals(tower.Name, wanted, StringComparison.Ordinal));
        return string.Equals(NameOf(current), wanted, StringComparison.Ordinal)
            ? current
            : Named(
                _width(current) switch
                {
                    <= TinyWidth => tower.Tiny,
                    <= SmallWidth => tower.Small,
                    _ => tower.Published,
                },
                null
            );
    }
}
