namespace Interp.Cli.Json;

/// <summary>The answer in <see cref="LensJson"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Token">Its text.</param>
/// <param name="Probabilities">Its probability <c>[stream][position]</c>.</param>
/// <param name="Ranks">How many tokens are likelier <c>[stream][position]</c>; 0 is the first.</param>
internal sealed record LensAnswerJson(long Id, string Token, float[][] Probabilities, int[][] Ranks);
