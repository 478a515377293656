// The classes of the built-in catalogue, the words that name them, and the words that mean nothing.
namespace Duet.Data;

/// <summary>Labels and words. No word names two labels, and no filler or brand names any.</summary>
internal static class SyntheticVocabulary
{
    /// <summary>The tasks in the order of the table's columns.</summary>
    public static readonly string[] Tasks = ["category", "color", "pattern", "material", "gender"];

    /// <summary>Words for each label of each task; pattern has labels but no words.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, string[]>> Words = new Dictionary<
        string,
        IReadOnlyDictionary<string, string[]>
    >(StringComparer.Ordinal)
    {
        ["category"] = Labels(
            ("bag", ["bag", "handbag"]),
            ("dress", ["dress", "gown"]),
            ("hat", ["hat", "fedora"]),
            ("shirt", ["shirt", "tee"]),
            ("shoe", ["shoe", "sneaker"]),
            ("skirt", ["skirt"]),
            ("sock", ["sock", "stocking"]),
            ("trousers", ["trousers", "pants"])
        ),
        ["color"] = Labels(
            ("black", ["black", "onyx"]),
            ("blue", ["blue", "navy"]),
            ("brown", ["brown", "chestnut"]),
            ("green", ["green", "emerald"]),
            ("pink", ["pink"]),
            ("red", ["red", "crimson"]),
            ("white", ["white", "ivory"]),
            ("yellow", ["yellow"])
        ),
        ["pattern"] = Labels(("checked", []), ("dotted", []), ("solid", []), ("striped", [])),
        ["material"] = Labels(
            ("cotton", ["cotton"]),
            ("denim", ["denim"]),
            ("leather", ["leather", "suede"]),
            ("linen", ["linen"]),
            ("silk", ["silk", "satin"]),
            ("wool", ["wool", "merino"])
        ),
        ["gender"] = Labels(("kids", ["kids", "children"]), ("men", ["men", "gents"]), ("women", ["women", "ladies"])),
    };

    public static readonly string[] Brands =
    [
        "Alvera",
        "Brondt",
        "Cassio",
        "Dunmore",
        "Ellery",
        "Fjordal",
        "Galant",
        "Hollis",
        "Ivarra",
        "Juno",
        "Kestrel",
        "Lumen",
        "Marlow",
        "Nordis",
        "Ostara",
        "Pellini",
    ];

    public static readonly string[] Fillers =
    [
        "new",
        "season",
        "classic",
        "premium",
        "everyday",
        "comfort",
        "limited",
        "collection",
        "original",
        "urban",
        "weekend",
        "essential",
        "gift",
        "sale",
        "soft",
        "modern",
    ];

    /// <summary>Red, green and blue of each colour label.</summary>
    public static readonly IReadOnlyDictionary<string, (double R, double G, double B)> Paints = new Dictionary<
        string,
        (double R, double G, double B)
    >(StringComparer.Ordinal)
    {
        ["black"] = (28, 28, 32),
        ["blue"] = (40, 70, 200),
        ["brown"] = (120, 72, 34),
        ["green"] = (36, 150, 70),
        ["pink"] = (240, 130, 185),
        ["red"] = (205, 32, 40),
        ["white"] = (242, 242, 240),
        ["yellow"] = (240, 205, 40),
    };

    private static SortedDictionary<string, string[]> Labels(params (string Label, string[] Words)[] labels) =>
        new(labels.ToDictionary(label => label.Label, label => label.Words, StringComparer.Ordinal), StringComparer.Ordinal);
}
