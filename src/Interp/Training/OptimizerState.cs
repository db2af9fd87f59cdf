using Interp.Tensors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Interp.Training;

/// <summary>What Adam remembers, as named tensors and numbers: <c>state.0.exp_avg</c>, <c>state.0.step</c>, <c>param_groups.0.lr</c>.</summary>
/// <param name="Tensors">Means and mean squares of every parameter.</param>
/// <param name="Numbers">Steps done and learning rates.</param>
internal sealed record OptimizerState(IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, double> Numbers)
{
    /// <summary>The state of an optimizer; the tensors are its own.</summary>
    /// <exception cref="NotSupportedException">It is not Adam or AdamW.</exception>
    internal static OptimizerState Of(OptimizerHelper optimizer)
    {
        var tensors = new Dictionary<string, Tensor>();
        var numbers = new Dictionary<string, double>();
        var dictionary = optimizer.state_dict();
        foreach (var (state, k) in dictionary.State.Select((state, k) => (state, k)))
        {
            var (step, named) = Parts(state);
            numbers[$"state.{k}.step"] = step;
            foreach (var (name, tensor) in named) tensors[$"state.{k}.{name}"] = tensor;
        }
        foreach (var (options, k) in dictionary.Options.Select((options, k) => (options, k)))
        {
            numbers[$"param_groups.{k}.lr"] = options.LearningRate!.Value;
            numbers[$"param_groups.{k}.initial_lr"] = options.InitialLearningRate;
        }
        return new OptimizerState(tensors, numbers);
    }

    /// <summary>Puts an optimizer into this state.</summary>
    /// <exception cref="ArgumentException">The state is of another optimizer.</exception>
    internal void CopyTo(OptimizerHelper optimizer)
    {
        var own = Of(optimizer);
        Check("number", Numbers.Keys, own.Numbers.Keys);
        Check("tensor", Tensors.Keys, own.Tensors.Keys);
        foreach (var (name, tensor) in own.Tensors)
            if (!tensor.shape.AsSpan().SequenceEqual(Tensors[name].shape))
                throw new ArgumentException($"'{name}' has the shape {Tensors[name].Summary}, here it has {tensor.Summary}");

        using var noGrad = torch.no_grad();
        foreach (var (name, tensor) in own.Tensors) tensor.copy_(Tensors[name]);
        var dictionary = optimizer.state_dict();
        for (var k = 0; k < dictionary.State.Count; k++) SetStep(dictionary.State[k], (long)Numbers[$"state.{k}.step"]);
        for (var k = 0; k < dictionary.Options.Count; k++)
        {
            dictionary.Options[k].LearningRate = Numbers[$"param_groups.{k}.lr"];
            dictionary.Options[k].InitialLearningRate = Numbers[$"param_groups.{k}.initial_lr"];
        }
    }

    private static (long Step, (string Name, Tensor Tensor)[] Tensors) Parts(TorchSharp.Modules.OptimizerState state) => state switch
    {
        AdamW.State adam => (adam.step, [("exp_avg", adam.exp_avg), ("exp_avg_sq", adam.exp_avg_sq)]),
        Adam.State adam => (adam.step, [("exp_avg", adam.exp_avg), ("exp_avg_sq", adam.exp_avg_sq)]),
        _ => throw new NotSupportedException($"checkpoints hold the state of Adam and AdamW, not of {state.GetType().DeclaringType?.Name}"),
    };

    private static void SetStep(TorchSharp.Modules.OptimizerState state, long step)
    {
        if (state is AdamW.State decoupled) decoupled.step = step;
        else ((Adam.State)state).step = step;
    }

    private static void Check(string what, IEnumerable<string> saved, IEnumerable<string> own)
    {
        if (own.Except(saved).FirstOrDefault() is { } missing)
            throw new ArgumentException($"the state has no {what} '{missing}': it is of another optimizer, or of fewer parameters");
        if (saved.Except(own).FirstOrDefault() is { } extra)
            throw new ArgumentException($"the state has a {what} '{extra}' that this optimizer does not know");
    }
}
