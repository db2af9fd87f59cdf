namespace Interp.Cli.Json;

/// <summary>What <c>sae steer --json</c> prints.</summary>
/// <param name="Hook">The hook whose value is changed.</param>
/// <param name="Feature">The feature.</param>
/// <param name="Operation">add, set or scale.</param>
/// <param name="Amount">With which number.</param>
/// <param name="InputIds">The ids that the model read.</param>
/// <param name="Activations">The feature's activation at each, before the change.</param>
/// <param name="Kl">KL(before ‖ after) of the next token, in nats.</param>
/// <param name="Before">The most probable next tokens as the model is.</param>
/// <param name="After">The same with the change.</param>
/// <param name="GeneratedBefore">The continuation as the model is.</param>
/// <param name="GeneratedAfter">The same with the change.</param>
internal sealed record SaeSteerJson(string Hook, int Feature, string Operation, double Amount, long[] InputIds,
    float[] Activations,
    double Kl, NextTokenJson[] Before, NextTokenJson[] After, string GeneratedBefore, string GeneratedAfter);
