namespace Interp.Sae.Training;

/// <summary>A measurement of one dictionary during training; a line of <c>metrics.jsonl</c>.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Dictionary">The dictionary's name.</param>
/// <param name="Loss">The whole loss of the step's batch.</param>
/// <param name="Reconstruction">Its squared error summed over the width.</param>
/// <param name="Sparsity">Its sparsity term.</param>
/// <param name="Auxiliary">Its other terms.</param>
/// <param name="L0">Features that were on, on average over the batch.</param>
/// <param name="ExplainedVariance">1 − E‖x − x̂‖² / E‖x − E x‖² of the batch.</param>
/// <param name="Dead">Features that have not fired for <see cref="SaeTrainingOptions.DeadAfterSteps"/> steps.</param>
/// <param name="Dense">Features that fired on more than a tenth of the rows since the last measurement.</param>
/// <param name="Resampled">Features that were resampled in this step.</param>
/// <param name="LearningRate">Of the step.</param>
public sealed record SaeMetrics(long Step, string Dictionary, double Loss, double Reconstruction, double Sparsity,
    double Auxiliary,
    double L0, double ExplainedVariance, long Dead, long Dense, long Resampled, double LearningRate);
