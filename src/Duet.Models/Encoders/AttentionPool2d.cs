// Pooling of a feature map by attention.
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models.Encoders;

/// <summary>
/// The attention pool at the end of CLIP's modified ResNet (openai/CLIP, clip/model.py, AttentionPool2d; parameters under its names):
/// the mean of all cells asks, the mean and the cells answer; positions are added to all of them.
/// </summary>
public sealed class AttentionPool2d : Module
{
    private readonly int _heads;
    private readonly Tensor _positions;
    private readonly Linear _key;
    private readonly Linear _query;
    private readonly Linear _value;
    private readonly Linear _output;

    /// <summary>Creates the pool.</summary>
    /// <param name="cells">Cells along one side of the feature map.</param>
    /// <param name="width">Channels of the feature map.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="outputs">Width of the result.</param>
    public AttentionPool2d(int cells, int width, int heads, int outputs)
    {
        _heads = heads;
        var deviation = Math.Pow(width, -0.5);
        _positions = AddParameter("positional_embedding", Tensors.Normal([(cells * cells) + 1, width], 0, deviation));
        _key = Add("k_proj", new Linear(width, width, deviation: deviation));
        _query = Add("q_proj", new Linear(width, width, deviation: deviation));
        _value = Add("v_proj", new Linear(width, width, deviation: deviation));
        _output = Add("c_proj", new Linear(width, outputs, deviation: deviation));
    }

    /// <summary><c>[B, C, H, W] -> [B, outputs]</c>.</summary>
    /// <param name="features"><c>[B, C, H, W]</c>.</param>
    public Tensor Forward(Tensor features)
    {
        var tokens = MeanAndCells(features);
        return Answer(tokens.narrow(1, 0, 1), tokens).flatten(1);
    }

    /// <summary>The same asked by the mean and by every cell: <c>[B, C, H, W] -> [B, 1 + H W, outputs]</c>, the mean's answer
    /// first.</summary>
    public Tensor All(Tensor features)
    {
        var tokens = MeanAndCells(features);
        return Answer(tokens, tokens);
    }

    private Tensor MeanAndCells(Tensor features)
    {
        var cells = features.flatten(2).transpose(1, 2);
        return cat([cells.mean([1], keepdim: true), cells], 1).Plus(_positions);
    }

    private Tensor Answer(Tensor asking, Tensor tokens)
    {
        var (mixed, weights) = Functional.Attention(
            Heads(_query.Forward(asking)),
            Heads(_key.Forward(tokens)),
            Heads(_value.Forward(tokens))
        );
        ForwardRecorder.Report(this, "attention", weights);
        return _output.Forward(mixed.transpose(1, 2).flatten(2));
    }

    private Tensor Heads(Tensor projected) =>
        projected.reshape(projected.size(0), projected.size(1), _heads, projected.size(2) / _heads).transpose(1, 2);
}
