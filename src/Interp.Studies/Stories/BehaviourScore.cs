using Interp.Studies.Stories.Grammar;

namespace Interp.Studies.Stories;

/// <summary>How well a model does one thing.</summary>
/// <param name="Behaviour">What it takes.</param>
/// <param name="Places">Places in the stories where the grammar knows what may follow.</param>
/// <param name="Accuracy">The part of the places where the most probable of all tokens is right.</param>
/// <param name="Probability">The probability of the right answers together, mean over the places.</param>
public sealed record BehaviourScore(StoryBehaviour Behaviour, int Places, double Accuracy, double Probability);
