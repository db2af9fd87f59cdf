namespace Interp.Cli.Json;

/// <summary>What <c>lens --json</c> prints; every table is <c>[stream][position]</c>.</summary>
/// <param name="InputIds">The ids that the model read.</param>
/// <param name="Tokens">Their texts.</param>
/// <param name="Streams">The streams: <c>0_pre</c>, …, <c>final_post</c>.</param>
/// <param name="TopIds">The likeliest next token.</param>
/// <param name="TopTokens">Its text.</param>
/// <param name="TopProbabilities">Its probability.</param>
/// <param name="Answer">What is known of the answer; null without one.</param>
internal sealed record LensJson(long[] InputIds, string[] Tokens, string[] Streams, long[][] TopIds,
    string[][] TopTokens, float[][] TopProbabilities, LensAnswerJson? Answer);
