int[] KeyFrequencies(Tensor norms)   // [p/2], as Spectrum gives them → frequencies in rising order
{
    var values = norms.ToArray<double>();
    return [.. Enumerable.Range(1, values.Length).Where(k => values[k - 1] > values.Max() / 4)];
}
