(long Memorized, long Formed, long CleanedUp) Phases(IReadOnlyList<ProgressMeasures> curve)
{
    var peak = curve.Max(m => m.TestLoss);
    var formed = curve.Last(m => m.TestLoss >= peak / 2).Step;
    var high = curve.Last(m => m.TestLoss >= peak / 1000).Step;
    var cleanedUp = curve.First(m => m.Step > high).Step;
    var memorized = curve.Where(m => m.Step <= formed).MinBy(m => m.ExcludedLoss)!.Step;
    return (memorized, formed, cleanedUp);
}
