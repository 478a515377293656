// One tower of the starter weights.

namespace Duet.Models.Pretrained.Starter;

/// <summary>A model that is made of a package.</summary>
/// <param name="Name">The name by which it is asked for, as in <c>starter/minilm</c>.</param>
/// <param name="Package">Where it comes from.</param>
/// <param name="Title">What it is, in a sentence.</param>
/// <param name="Licenses">What is under which licence.</param>
/// <param name="Convert">Writes weights, configuration and vocabulary into an empty folder.</param>
internal sealed record StarterModel(
    string Name,
    StarterPackage Package,
    string Title,
    IReadOnlyList<StarterLicense> Licenses,
    Action<PackageArchive, string> Convert
)
{
    /// <summary>Every model: the picture tower and the text tower.</summary>
    internal static IReadOnlyList<StarterModel> All { get; } =
    [
        new(
            "starter/resnet18",
            StarterPackage.ResNet18,
            "A residual network with basic blocks [2, 2, 2, 3] and 512 features, trained on photographs; its package does not say on "
                + "which.",
            [
                new(
                    "weights and package",
                    "MIT",
                    "Copyright (c) .NET Foundation and Contributors",
                    "https://github.com/dotnet/machinelearning"
                ),
            ],
            ResNet18Conversion.Run
        ),
        new(
            "starter/minilm",
            StarterPackage.MiniLm,
            "sentence-transformers/all-MiniLM-L6-v2: an English BERT with 6 layers of width 384. A sentence's vector is the mean over "
                + "its tokens.",
            [
                new(
                    "weights",
                    "Apache-2.0",
                    "The authors of sentence-transformers",
                    "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2"
                ),
                new(
                    "package",
                    "MIT",
                    "Copyright (c) 2024 Curiosity GmbH, Copyright (c) 2021 Othneil Drew",
                    "https://github.com/curiosity-ai/sentence-transformers-sharp"
                ),
            ],
            MiniLmConversion.Run
        ),
    ];

    /// <summary>The last part of the name, which is the folder's.</summary>
    internal string FolderName => Name.Split('/')[1];

    internal static StarterModel? Find(string name) =>
        All.FirstOrDefault(model => string.Equals(model.Name, name, StringComparison.Ordinal));
}
