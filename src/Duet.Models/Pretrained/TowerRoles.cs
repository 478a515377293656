// Which of two sources gives the tower for pictures and which the one for texts.
namespace Duet.Models.Pretrained;

/// <summary>
/// Two sources share the work: <c>PICTURES,TEXTS</c>. The first gives its picture tower and the second its text tower, also where one of
/// them holds both, as CLIP does. In the other order they are taken where only that is possible.
/// </summary>
internal static class TowerRoles
{
    private static readonly TowerKind[] Pictures =
    [
        TowerKind.ClipImage,
        TowerKind.SigLipImage,
        TowerKind.CoCaImage,
        TowerKind.Vit,
        TowerKind.VitPooler,
        TowerKind.ResNet,
    ];

    private static readonly TowerKind[] Texts =
    [
        TowerKind.ClipText,
        TowerKind.SigLipText,
        TowerKind.CoCaText,
        TowerKind.CoCaDecoder,
        TowerKind.Bert,
        TowerKind.T5,
    ];

    /// <summary>Whether a tower reads pictures.</summary>
    internal static bool IsPicture(TowerKind kind) => Pictures.Contains(kind);

    /// <summary>Whether a tower reads texts.</summary>
    internal static bool IsText(TowerKind kind) => Texts.Contains(kind);

    /// <summary>The towers that are taken of each source, in the sources' order.</summary>
    /// <exception cref="OptionException">Two sources hold the same kind of tower and neither the other kind.</exception>
    internal static IReadOnlyList<PretrainedTowers> Assign(IReadOnlyList<(string Name, PretrainedTowers Towers)> sources)
    {
        CheckKinds(sources);
        if (sources is not [var first, var second])
        {
            return [.. sources.Select(source => source.Towers)];
        }

        return HasPicture(first.Towers) && HasText(second.Towers) ? [OfPictures(first.Towers), OfTexts(second.Towers)]
            : HasText(first.Towers) && HasPicture(second.Towers) ? [OfTexts(first.Towers), OfPictures(second.Towers)]
            : [first.Towers, second.Towers];
    }

    private static void CheckKinds(IReadOnlyList<(string Name, PretrainedTowers Towers)> sources)
    {
        foreach (var (has, lacks, name, other) in Kinds)
        {
            string[] same = [.. sources.Where(source => has(source.Towers) && !lacks(source.Towers)).Select(source => source.Name)];
            if (same.Length > 1)
            {
                throw new OptionException(
                    $"{string.Join(" and ", same)} each hold a tower for {name} and none for {other}; a system has one of each. Name "
                        + $"one source of pictures and one of texts: --pretrained PICTURES,TEXTS."
                );
            }
        }
    }

    private static (Func<PretrainedTowers, bool> Has, Func<PretrainedTowers, bool> Lacks, string Name, string Other)[] Kinds =>
        [(HasPicture, HasText, "pictures", "texts"), (HasText, HasPicture, "texts", "pictures")];

    private static bool HasPicture(PretrainedTowers towers) => towers.Kinds.Any(IsPicture);

    private static bool HasText(PretrainedTowers towers) => towers.Kinds.Any(IsText);

    private static bool IsScale(TowerKind kind) => kind is TowerKind.ClipScale or TowerKind.SigLipScale;

    // A temperature belongs to its pair of towers.
    private static PretrainedTowers OfPictures(PretrainedTowers towers) =>
        !HasText(towers)
            ? towers
            : towers with
            {
                Kinds = [.. towers.Kinds.Where(kind => !IsText(kind) && !IsScale(kind))],
                Tokenizer = null,
                VocabularySize = null,
            };

    private static PretrainedTowers OfTexts(PretrainedTowers towers) =>
        !HasPicture(towers)
            ? towers
            : towers with
            {
                Kinds = [.. towers.Kinds.Where(kind => !IsPicture(kind) && !IsScale(kind))],
                ImageSize = null,
                Preprocessing = null,
                PixelMean = null,
                PixelDeviation = null,
            };
}
