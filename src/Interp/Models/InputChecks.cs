using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

/// <summary>Errors about the input of a run, said before anything is computed.</summary>
internal static class InputChecks
{
    /// <summary>Tokens [batch, pos] of type int64 on the model's device.</summary>
    internal static Tensor Tokens(Tensor tokens, HookedTransformer model) => Tokens(tokens, model.Config.DVocab, model.Device);

    /// <summary>Tokens [batch, pos] of type int64 on a device, from a vocabulary of a size.</summary>
    internal static Tensor Tokens(Tensor tokens, int vocabulary, Device device)
    {
        if (tokens.dtype is not (ScalarType.Int64 or ScalarType.Int32 or ScalarType.Int16 or ScalarType.Int8 or ScalarType.Byte))
            throw new ArgumentException($"tokens must be integers, got {tokens.dtype.TorchName()} {Shape(tokens)}");
        var ids = tokens.dim() == 1 ? tokens.unsqueeze(0) : tokens;
        if (ids.dim() != 2 || ids.numel() == 0)
            throw new ArgumentException($"tokens must be [batch, pos] or [pos] and not empty, got {Shape(tokens)}");
        ids = ids.to(ScalarType.Int64, device);
        // On the processor the check costs nothing; on a GPU it would wait for the device, and the kernel checks itself.
        if (ids.device.type == DeviceType.CPU) CheckRange(ids, vocabulary);
        return ids;
    }

    /// <summary>The ids of every sequence; ids of any size, since only some models have names for all of
    /// them.</summary>
    internal static long[][] TokenRows(Tensor tokens, HookedTransformer model)
    {
        using var scope = torch.NewDisposeScope();
        var ids = Tokens(tokens, int.MaxValue, model.Device); // [batch, pos]
        var (all, width) = (ids.ToArray<long>(), (int)ids.size(1));
        return [.. Enumerable.Range(0, (int)ids.size(0)).Select(row => all[(row * width)..((row + 1) * width)])];
    }

    /// <summary>A residual stream [batch, pos, d_model].</summary>
    internal static Tensor Residual(Tensor residual, HookedTransformer model)
    {
        if (residual.dim() != 3 || residual.size(2) != model.Config.DModel || residual.dtype != model.Config.Dtype)
            throw new ArgumentException(
                $"the residual stream must be {model.Config.Dtype.TorchName()} [batch, pos, {model.Config.DModel}], " +
                $"got {residual.dtype.TorchName()} {Shape(residual)}");
        return residual;
    }

    /// <summary>Nothing longer than the context, or than the cache, is cut off silently.</summary>
    internal static void Length(HookedTransformer model, long batch, long count, KeyValueCache? past)
    {
        var total = count + (past?.Length ?? 0);
        if (total > model.Config.NCtx)
            throw new ArgumentException($"{total} tokens do not fit the model's context of {model.Config.NCtx}");
        if (past is null) return;
        if (!model.Config.IsCausal)
            throw new ArgumentException(
                $"{model.Config.ModelName} is not causal: earlier tokens look at later ones, so it cannot read in pieces with a key-value cache");
        if (total > past.Capacity) throw new ArgumentException($"{total} tokens do not fit the cache's capacity of {past.Capacity}");
        if (batch != past.Batch) throw new ArgumentException($"a batch of {batch} does not go with the cache's batch of {past.Batch}");
    }

    /// <summary>The mask as bool, or null where it is absent or hides nothing.</summary>
    internal static Tensor? Padding(Tensor? mask, long batch, long count, Device device)
    {
        if (mask is null) return null;
        if (mask.dim() != 2 || mask.size(0) != batch || mask.size(1) != count)
            throw new ArgumentException($"the padding mask must be [batch, pos] = [{batch}, {count}], got {Shape(mask)}");
        var real = mask.ne(0).to(device);
        if (!real.any(-1).all().ToBoolean()) throw new ArgumentException("the padding mask hides a whole sequence");
        return real.all().ToBoolean() ? null : real;
    }

    private static void CheckRange(Tensor ids, int vocabulary)
    {
        var (low, high) = (ids.min().ToInt64(), ids.max().ToInt64());
        if (low < 0 || high >= vocabulary)
            throw new ArgumentException(
                $"token {(low < 0 ? low : high)} is outside the vocabulary of {vocabulary} (0 to {vocabulary - 1})");
    }

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
