using System.Globalization;

namespace Interp.Torch.Optim;

/// <summary>Checks a saved state against the parameters, then takes it over.</summary>
internal static class StateLoader
{
    internal static void Load(OptimizerState saved, IReadOnlyList<ParameterGroup> groups,
        Dictionary<Tensor, ParameterState> states, IReadOnlyList<string> names)
    {
        Tensor[] parameters = [.. groups.SelectMany(group => group.Parameters)];
        var options = groups
            .Select((group, k) => group.Options.With(name => Number(saved, $"param_groups.{k}.{name}")))
            .ToArray();
        var rates = groups.Select((_, k) => Number(saved, $"param_groups.{k}.initial_lr")).ToArray();
        foreach (var option in options) option.Validate();
        CheckNames(saved, groups.Count, parameters, names);

        foreach (var state in states.Values) state.Dispose();
        states.Clear();
        for (var k = 0; k < groups.Count; k++)
        {
            groups[k].Options = options[k];
            groups[k].InitialLearningRate = rates[k];
        }
        for (var k = 0; k < parameters.Length; k++)
            if (saved.Numbers.TryGetValue($"state.{k}.step", out var step))
                states[parameters[k]] = Restore(saved, k, parameters[k], (long)step, names);
    }

    private static ParameterState Restore(OptimizerState saved, int index, Tensor parameter, long step,
        IReadOnlyList<string> names)
    {
        var state = new ParameterState { Step = step };
        foreach (var name in names)
        {
            if (!saved.Tensors.TryGetValue($"state.{index}.{name}", out var tensor)) continue;
            using var noGrad = torch.no_grad();
            var copy = torch.empty_like(parameter).detach();
            state.Set(name, copy.copy_(tensor));
        }
        return state;
    }

    private static double Number(OptimizerState saved, string name) =>
        saved.Numbers.TryGetValue(name, out var value)
            ? value
            : throw new ArgumentException(
                $"the state has no number '{name}': it is of another optimizer, or of fewer groups");

    private static void CheckNames(OptimizerState saved, int groupCount, Tensor[] parameters,
        IReadOnlyList<string> names)
    {
        foreach (var name in saved.Numbers.Keys.Concat(saved.Tensors.Keys))
        {
            var parts = name.Split('.');
            var limit = parts[0] == "state" ? parameters.Length : parts[0] == "param_groups" ? groupCount : 0;
            if (parts.Length != 3 || !int.TryParse(parts[1], NumberStyles.None, null, out var index) || index >= limit)
                throw new ArgumentException(
                    $"the state has '{name}', but the optimizer has {groupCount} groups with " +
                    $"{parameters.Length} parameters");
            if (!saved.Tensors.TryGetValue(name, out var tensor)) continue;
            if (!names.Contains(parts[2]))
                throw new ArgumentException(
                    $"the state has a tensor '{name}'; this optimizer knows {string.Join(", ", names)}");
            if (!tensor.shape.AsSpan().SequenceEqual(parameters[index].shape))
                throw new ArgumentException(
                    $"'{name}' has the shape [{string.Join(", ", tensor.shape)}], parameter {index} " +
                    $"[{string.Join(", ", parameters[index].shape)}]");
            if (!saved.Numbers.ContainsKey($"state.{index}.step"))
                throw new ArgumentException($"the state has '{name}', but no 'state.{index}.step'");
        }
    }
}
