using Interp.Hooks;
using Interp.Models;

namespace Interp.Interventions;

/// <summary>Checks of the values that interventions carry, before anything runs.</summary>
internal static class CarriedValue
{
    /// <summary>The value must broadcast to the hook's in the dimensions whose length the model fixes.</summary>
    internal static void Check(Intervention intervention, TensorValue value, HookPoint point, HookedTransformer model)
    {
        value.Check();
        var c = model.Config;
        if (value.Shape.Length > point.Dimensions.Count) Fail();
        for (var back = 1; back <= value.Shape.Length; back++)
        {
            var expected = point.Dimensions[^back] switch
            {
                "d_model" => c.DModel,
                "d_head" => c.DHead,
                "d_mlp" => c.DMlp,
                "head" => c.NHeads,
                "kv_head" => c.KeyValueHeads,
                "d_vocab_out" => c.OutputSize,
                _ => value.Shape[^back],
            };
            if (value.Shape[^back] != expected && value.Shape[^back] != 1) Fail();
        }

        void Fail() => throw new ArgumentException(
            $"{intervention}: a value [{string.Join(", ", value.Shape)}] does not fit '{point.Name}' [{string.Join(", ", point.Dimensions)}] " +
            $"with d_model {c.DModel}, {c.NHeads} heads of {c.DHead}, d_mlp {c.DMlp}");
    }

    /// <summary>The value must be one vector along the hook's last dimension.</summary>
    internal static void CheckVector(Intervention intervention, TensorValue value, HookPoint point,
        HookedTransformer model)
    {
        if (value.Shape.Length != 1)
            throw new ArgumentException($"{intervention}: a direction is one vector, got [{string.Join(", ", value.Shape)}]");
        Check(intervention, value, point, model);
    }
}
