// The contract of every system.
using Duet.Models.Attention;
using Duet.Torch;
using Duet.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Duet.Models;

/// <summary>A system that classifies products for several tasks at once.</summary>
public abstract class ProductModel : Module
{
    /// <summary>Creates the base of a system.</summary>
    /// <param name="options">Its settings; validated here.</param>
    /// <param name="context">The tasks and the vocabulary.</param>
    /// <exception cref="OptionException">A setting is outside its range.</exception>
    protected ProductModel(ModelOptions options, ModelContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        options.Validate();
        OptionException.Require(
            context.StartId >= 0 || !options.NeedsStartToken(),
            $"The tokenizer puts no start token before a text, as T5's does, and {GetType().Name} reads one. Name another tokenizer."
        );
        OptionException.Require(
            context.Features.Count == 0
                || ModelRegistry.All.Any(descriptor => descriptor.TakesFeatures && descriptor.OptionsType == options.GetType()),
            $"{GetType().Name} takes no features ({string.Join(", ", context.Features.Select(feature => feature.Column))})."
        );
        (Options, Context) = (options, context);
    }

    /// <summary>The system's settings.</summary>
    public ModelOptions Options { get; }

    /// <summary>The tasks and the vocabulary it was built for.</summary>
    public ModelContext Context { get; }

    /// <summary>Whether <see cref="PretrainingLoss"/> is defined.</summary>
    public virtual bool CanPretrain => false;

    /// <summary>The number of layers that layer-wise learning-rate decay counts; see <see cref="LayerOf"/>.</summary>
    public virtual int LayerCount => 0;

    /// <summary>Whether the system looks at pictures at all.</summary>
    public virtual bool SeesPictures => true;

    /// <summary>Where tokens are looked up; null for systems that never see a text.</summary>
    public virtual TokenTable? Tokens => null;

    /// <summary>Logits for every task, embeddings and modality shares.</summary>
    /// <param name="batch">Products; every row has a picture or a text.</param>
    public ModelOutput Forward(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Classify(batch.Restrict(Options.Modalities));
    }

    /// <summary>All attention between the answers and the input in one forward pass; empty for systems without attention.</summary>
    /// <param name="batch">Products; every row has a picture or a text.</param>
    public AttentionFlow Attend(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var recorder = ForwardRecorder.Begin(this);
        var seen = batch.Restrict(Options.Modalities);
        var pass = new RecordedPass(seen, Classify(seen), recorder);
        var flow = new AttentionFlow();
        Describe(pass, flow);
        return flow;
    }

    /// <summary>The loss of the first training stage, which needs no labels (contrastive for CLIP): <c>[]</c>.</summary>
    /// <exception cref="NotSupportedException">The system has no such stage; see <see cref="CanPretrain"/>.</exception>
    public virtual Tensor PretrainingLoss(Batch batch) =>
        throw new NotSupportedException($"{GetType().Name} has no pre-training stage; leave --pretrain-epochs at 0.");

    /// <summary>Called when an epoch of the training stage begins, and again after a resume: freezing schedules switch parts on and off
    /// here.</summary>
    /// <param name="epoch">The epoch's number, from 0.</param>
    public virtual void BeginEpoch(int epoch) { }

    /// <summary>
    /// The layer a parameter belongs to: 0 for what comes before the first block of a tower, k for its k-th block,
    /// <see cref="LayerCount"/> for everything after the towers.
    /// </summary>
    public virtual int LayerOf(string parameter) => LayerCount;

    /// <summary>Whether a parameter belongs to a tower that may come pre-trained and then learns more slowly than the new parts.</summary>
    public virtual bool IsBackbone(string parameter) => false;

    /// <summary>Called after the towers got pre-trained weights; parts that start as copies of a tower copy it again.</summary>
    public virtual void TowersInitialized() { }

    /// <summary>The system's forward pass, after inputs it must not see were taken away.</summary>
    protected abstract ModelOutput Classify(Batch batch);

    /// <summary>Says how attention flows through the system: what the positions of its sequences are, and where each task is read. Nothing
    /// for systems without attention.</summary>
    /// <param name="pass">A forward pass and what the modules reported on the way.</param>
    /// <param name="flow">Receives the steps in the order of computation, and the read-outs.</param>
    protected virtual void Describe(RecordedPass pass, AttentionFlow flow) { }
}
