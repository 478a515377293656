// The length of all gradients together.
namespace Duet.Torch.Optimisers;

/// <summary>The global gradient norm, which clipping goes by.</summary>
public static class GradientNorm
{
    private static readonly Operator ForeachNorm = new("aten::_foreach_norm", "Scalar");

    /// <summary>The Euclidean norm of all gradients as one vector; 0 where there are none.</summary>
    public static double Of(IEnumerable<Tensor> parameters)
    {
        using var scope = new TensorScope();
        using var recording = Gradients.Disabled();
        var gradients = parameters.Select(parameter => parameter.Gradient).OfType<Tensor>().ToArray();
        if (gradients.Length == 0)
        {
            return 0;
        }

        var norms = Array.ConvertAll(ForeachNorm.CallMany(gradients, 2.0), norm => norm!);
        return Tensor.Stack(0, norms).Norm(0).Reshape().Item();
    }

    /// <summary>The factor that brings a norm down to a limit: 1 where it is below.</summary>
    public static double ClipFactor(double norm, double limit) => norm > limit ? limit / (norm + 1e-6) : 1;
}
