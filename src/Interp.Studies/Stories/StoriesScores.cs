using Interp.Studies.Stories.Grammar;

namespace Interp.Studies.Stories;

/// <summary>What <see cref="StoriesEvaluation"/> measured.</summary>
/// <param name="Stories">Stories of the loss, and again as many of the behaviours.</param>
/// <param name="Seed">Their seed.</param>
/// <param name="Tokens">Tokens predicted for the loss, the end of every story among them.</param>
/// <param name="Loss">Mean −ln p(token) of the model, in nats.</param>
/// <param name="Entropy">Mean −ln p(token) of the grammar on the same stories: the least that can be reached, in nats.</param>
/// <param name="Behaviours">A score for each behaviour, in the order of <see cref="StoryBehaviour"/>.</param>
public sealed record StoriesScores(int Stories, ulong Seed, long Tokens, double Loss, double Entropy, IReadOnlyList<BehaviourScore> Behaviours)
{
    /// <summary>How far the loss is above the grammar's entropy, as a part of it.</summary>
    public double Excess => Loss / Entropy - 1;

    /// <summary>The score of one behaviour.</summary>
    public BehaviourScore this[StoryBehaviour behaviour] => Behaviours.Single(score => score.Behaviour == behaviour);
}
