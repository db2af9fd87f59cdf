namespace Interp.Weights;

/// <summary>Checks that the tensors of a safetensors file cover its data once, without holes or overlaps.</summary>
internal static class SafeTensorsLayout
{
    private const string Rule = "data that covers the rest of the file without overlaps or holes";

    /// <param name="file">The file.</param>
    /// <param name="tensors">The tensors, each with as many bytes as its offsets span.</param>
    /// <param name="offsets">Where each begins, from the start of the data.</param>
    /// <param name="available">The bytes between the header and the end of the file.</param>
    public static void Check(MappedFile file, List<TensorInfo> tensors, List<long> offsets, long available)
    {
        var order = Enumerable.Range(0, tensors.Count).ToArray();
        var ends = new long[tensors.Count];
        for (var i = 0; i < ends.Length; i++) ends[i] = offsets[i] + tensors[i].Bytes;
        Array.Sort(order, (a, b) => (offsets[a], ends[a], a).CompareTo((offsets[b], ends[b], b)));

        var covered = 0L;
        foreach (var i in order)
        {
            var what = $"its data offsets are [{offsets[i]}, {ends[i]}]";
            if (ends[i] > available)
                throw Fault(file, tensors[i], $"{what} but the file holds {available} bytes of data");
            if (offsets[i] < covered)
                throw Fault(file, tensors[i], $"{what} and overlap another tensor's, which end at {covered}");
            if (offsets[i] > covered)
                throw Fault(file, tensors[i], $"{what} and leave a hole behind byte {covered}");
            covered = ends[i];
        }

        if (covered == available) return;
        throw new WeightsFormatException(
            file.Path, "data", $"{available - covered} bytes follow the last tensor, which ends at {covered}", Rule);
    }

    private static WeightsFormatException Fault(MappedFile file, TensorInfo tensor, string reason) =>
        new(file.Path, $"tensor '{tensor.Name}'", reason, Rule);
}
