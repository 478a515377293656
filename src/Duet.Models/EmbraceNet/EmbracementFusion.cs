// EmbraceNet's fusion: docking layers and the embracement.
using Duet.Models.Fusion;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>
/// Docking layers bring every modality to c features, <c>d_k = ReLU(W_k x_k + b_k)</c>, and the embracement joins them
/// (Choi and Lee, arXiv 1904.09078). Parameters: <c>docking.K</c>; none where docking is bypassed.
/// </summary>
public sealed class EmbracementFusion : Module
{
    private readonly ModuleList<Linear>? _docking;

    /// <summary>Creates the fusion; docking weights start as He et al. (arXiv 1502.01852).</summary>
    /// <param name="inputWidths">Features of every modality.</param>
    /// <param name="features">The number c of joint features.</param>
    /// <param name="bypassDocking">Leaves the docking layers out; every modality must then have c features.</param>
    /// <exception cref="ArgumentException">There is no modality, a width is below 1, or docking is bypassed though a width is not
    /// c.</exception>
    public EmbracementFusion(IReadOnlyList<long> inputWidths, long features, bool bypassDocking = false)
    {
        ArgumentNullException.ThrowIfNull(inputWidths);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        if (inputWidths.Count == 0 || inputWidths.Any(width => width < 1))
        {
            throw new ArgumentException("Name at least one modality, each with at least one feature.", nameof(inputWidths));
        }

        if (bypassDocking && inputWidths.Any(width => width != features))
        {
            throw new ArgumentException(
                $"Without docking layers every modality needs {features} features; they have {string.Join(", ", inputWidths)}.",
                nameof(inputWidths)
            );
        }

        Features = features;
        _docking = bypassDocking ? null : Add("docking", new ModuleList<Linear>());
        foreach (var width in inputWidths)
        {
            _docking?.Append(new Linear(width, features, deviation: Math.Sqrt(2.0 / width)));
        }
    }

    /// <summary>The number c of joint features.</summary>
    public long Features { get; }

    /// <summary>The docked modalities: inputs <c>[B, width_k]</c> to <c>[B, c]</c> each.</summary>
    public IReadOnlyList<Tensor> Dock(IReadOnlyList<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return _docking is null ? inputs : [.. inputs.Select((input, k) => _docking[k].Forward(input).relu())];
    }

    /// <summary>Takes every feature from a drawn modality.</summary>
    /// <param name="docked">The docked modalities, <c>[B, c]</c> each.</param>
    /// <param name="probabilities"><c>[B, K]</c>, from <see cref="Embracement.Probabilities"/>.</param>
    /// <param name="indices">Drawn modalities (int64) <c>[B, c]</c>; null draws them.</param>
    /// <returns><c>[B, c]</c>.</returns>
    public Tensor Sample(IReadOnlyList<Tensor> docked, Tensor probabilities, Tensor? indices = null) =>
        Embracement.Pick(stack([.. docked], 1), indices ?? Embracement.Draw(probabilities, Features), probabilities);

    /// <summary>The expectation over all draws: the same result every time.</summary>
    /// <param name="docked">The docked modalities, <c>[B, c]</c> each.</param>
    /// <param name="probabilities"><c>[B, K]</c>, from <see cref="Embracement.Probabilities"/>.</param>
    /// <returns><c>[B, c]</c>.</returns>
    public static Tensor Expect(IReadOnlyList<Tensor> docked, Tensor probabilities) =>
        Embracement.Expect(stack([.. docked], 1), probabilities);
}
