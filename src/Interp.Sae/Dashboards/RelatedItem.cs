namespace Interp.Sae.Dashboards;

/// <summary>A feature or a neuron that is related to a feature.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Value">How closely, −1 to 1.</param>
public sealed record RelatedItem(int Index, double Value);
