namespace Interp.Cli.Json;

/// <summary>What <c>info --json</c> prints.</summary>
/// <param name="Name">What the model is called.</param>
/// <param name="Parameters">The number of weights, tied ones counted once.</param>
/// <param name="Layers">Blocks.</param>
/// <param name="DModel">Width of the residual stream.</param>
/// <param name="Heads">Attention heads a layer.</param>
/// <param name="KeyValueHeads">Heads of keys and values.</param>
/// <param name="DHead">Width of a head.</param>
/// <param name="DMlp">Neurons of an MLP; 0 without MLPs.</param>
/// <param name="Activation">The MLP's activation function; null without MLPs.</param>
/// <param name="GatedMlp">Whether the MLP is gated.</param>
/// <param name="Normalization">The kind of norm.</param>
/// <param name="Positions">How positions enter.</param>
/// <param name="Attention">Which positions a query sees.</param>
/// <param name="Context">The longest sequence.</param>
/// <param name="Vocabulary">Tokens that can be read.</param>
/// <param name="Outputs">Outputs a position.</param>
/// <param name="Dtype">The element type of the weights.</param>
/// <param name="Processing">What was done to the weights since they were read; empty for raw weights.</param>
/// <param name="Tokenizer">The kind of tokenizer; null without one.</param>
/// <param name="Bos">What stands before a text unless the user says otherwise, and why; null without a tokenizer.</param>
/// <param name="Hooks">Every hook name in firing order; null unless asked for.</param>
internal sealed record ModelInfoJson(
    string Name, long Parameters, int Layers, int DModel, int Heads, int KeyValueHeads, int DHead, int DMlp,
    string? Activation, bool GatedMlp, string Normalization, string Positions, string Attention, int Context,
    int Vocabulary, int Outputs, string Dtype, string[] Processing, string? Tokenizer,
    string? Bos, string[]? Hooks);
