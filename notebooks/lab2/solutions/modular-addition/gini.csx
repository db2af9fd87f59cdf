double Gini(double[] values)   // none below 0
{
    var n = values.Length;
    var sorted = values.Order().ToArray();
    return sorted.Select((x, index) => (2 * (index + 1) - n - 1) * x).Sum() / (n * sorted.Sum());
}
