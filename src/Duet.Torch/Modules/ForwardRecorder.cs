// What modules compute on the way, for explanations and parity tests: kept only while somebody listens.
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Torch.Modules;

/// <summary>
/// Listens to the forward passes of a module from <see cref="Begin"/> to <see cref="Dispose"/>. Attention and blocks report their results
/// to whoever listens; where nobody does, a report costs one look at an empty place. The tensors belong to the dispose scope of the forward
/// pass, so read them before it ends.
/// </summary>
public sealed class ForwardRecorder : IDisposable
{
    // The one place without an owner: modules report without knowing who asked.
    private static readonly AsyncLocal<ForwardRecorder?> Listening = new();

    private readonly ForwardRecorder? _before;
    private readonly Dictionary<nn.Module, string> _paths = new(ReferenceEqualityComparer.Instance);
    private readonly List<(string Path, string What, Tensor Value)> _reports = [];

    private ForwardRecorder(Module root)
    {
        _before = Listening.Value;
        _paths.Add(root, string.Empty);
        foreach (var (path, module) in root.named_modules())
        {
            _paths.TryAdd(module, path);
        }
    }

    /// <summary>Begins to listen to a module and its parts, in this flow of execution.</summary>
    /// <param name="root">The module; paths begin below it. Reports of other modules are not kept.</param>
    public static ForwardRecorder Begin(Module root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var recorder = new ForwardRecorder(root);
        Listening.Value = recorder;
        return recorder;
    }

    /// <summary>Reports a result to whoever listens.</summary>
    /// <param name="module">Who computed it.</param>
    /// <param name="what">What it is: <c>attention</c> for weights <c>[B, H, Lq, Lk]</c>, <c>hidden</c> for the result of a block, or a
    /// name of the module's own.</param>
    /// <param name="value">The result.</param>
    public static void Report(Module module, string what, Tensor value) => Listening.Value?.Keep(module, what, value);

    /// <summary>The attention weights of all modules at or below a path, <c>[B, H, Lq, Lk]</c> each, in the order of computation.</summary>
    /// <param name="path">A dotted path below the root, <c>visual.transformer</c>; the root's own where empty.</param>
    public IReadOnlyList<Tensor> Attention(string path = "") => Of("attention", path);

    /// <summary>The results of all blocks at or below a path, in the order of computation.</summary>
    /// <param name="path">A dotted path below the root; the root's own where empty.</param>
    public IReadOnlyList<Tensor> Hidden(string path = "") => Of("hidden", path);

    /// <summary>Everything of one kind that modules at or below a path reported, in the order of computation.</summary>
    /// <param name="what">What the modules called it.</param>
    /// <param name="path">A dotted path below the root; the root's own where empty.</param>
    public IReadOnlyList<Tensor> Of(string what, string path = "") => [.. Reports(what, path).Select(report => report.Value)];

    /// <summary>The same with the paths of the modules.</summary>
    /// <param name="what">What the modules called it.</param>
    /// <param name="path">A dotted path below the root; the root's own where empty.</param>
    public IReadOnlyList<(string Path, Tensor Value)> Reports(string what, string path = "")
    {
        ArgumentNullException.ThrowIfNull(what);
        ArgumentNullException.ThrowIfNull(path);
        return
        [
            .. _reports
                .Where(report => string.Equals(report.What, what, StringComparison.Ordinal) && IsBelow(report.Path, path))
                .Select(report => (report.Path, report.Value)),
        ];
    }

    /// <summary>Ends listening; what was reported so far can still be read.</summary>
    public void Dispose() => Listening.Value = _before;

    private static bool IsBelow(string path, string above) =>
        above.Length == 0
        || (path.StartsWith(above, StringComparison.Ordinal) && (path.Length == above.Length || path[above.Length] == '.'));

    private void Keep(Module module, string what, Tensor value)
    {
        if (_paths.TryGetValue(module, out var path))
        {
            _reports.Add((path, what, value));
        }
    }
}
