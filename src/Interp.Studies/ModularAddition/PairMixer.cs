using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>
/// Attention from "=" fused with what it writes: output[pair] = bias + Σ weight · table row, and ReLU on the first columns.
/// </summary>
/// <remarks>
/// What a head moves from a number to "=" depends on the number and its position alone, so it can be multiplied with the
/// next matrices before it is mixed: a table [head, row, column] of 2 · order + 1 rows. An output then takes 3 · heads
/// multiplications, where multiplying mixed values with a matrix takes d_model. Works on blocks of
/// <see cref="Block"/> columns, whose part of the table lies together and stays in the processor's cache.
/// </remarks>
internal sealed unsafe class PairMixer
{
    /// <summary>Columns come in multiples of this.</summary>
    internal const int Block = 64;

    /// <summary>Into how many parts the columns are cut for threads.</summary>
    internal const int Parts = 4;

    private const int Lanes = 8;

    private readonly int[] first;
    private readonly int[] second;
    private readonly int rows;
    private readonly int heads;
    private readonly int columns;
    private readonly int rectified;
    private readonly int[] rowStarts; // [pair, source, head] places of the rows in a packed block of columns; pinned
    private readonly int* starts;
    private readonly ParallelOptions parallel = new() { MaxDegreeOfParallelism = torch.get_num_threads() };

    /// <param name="batch">The pairs.</param>
    /// <param name="order">Places; the table has 2 · order + 1 rows.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="columns">Columns of table and output.</param>
    /// <param name="rectified">How many of them, from the first, are passed through ReLU.</param>
    internal PairMixer(PairBatch batch, int order, int heads, int columns, int rectified)
    {
        if (columns % Block != 0 || rectified % Block != 0)
            throw new ArgumentException($"{columns} columns, {rectified} of them rectified: both must be multiples of {Block}");
        (first, second) = (batch.First, [.. batch.Second.Select(j => order + j)]);
        (rows, this.heads, this.columns, this.rectified) = (2 * order + 1, heads, columns, rectified);
        rowStarts = GC.AllocateUninitializedArray<int>(batch.Count * Sources, pinned: true);
        starts = (int*)Marshal.UnsafeAddrOfPinnedArrayElement(rowStarts, 0);
        for (var k = 0; k < rowStarts.Length; k++)
        {
            var (pair, source, head) = (k / Sources, k % Sources / heads, k % heads);
            var row = source == 0 ? first[pair] : source == 1 ? second[pair] : rows - 1;
            rowStarts[k] = (head * rows + row) * Block;
        }
    }

    /// <summary>The numbers of a table.</summary>
    internal int TableSize => heads * rows * columns;

    private int Sources => 3 * heads;

    private int BlockSize => heads * rows * Block;

    /// <summary>The softmax of every pair over its three rows.</summary>
    /// <param name="scores">[row, head]</param>
    /// <param name="weights">Receives [pair, source, head].</param>
    internal void Attend(float* scores, float* weights)
    {
        var last = scores + (rows - 1) * heads;
        for (var p = 0; p < first.Length; p++, weights += Sources)
        {
            var a = scores + first[p] * heads;
            var b = scores + second[p] * heads;
            for (var h = 0; h < heads; h++)
            {
                var top = MathF.Max(MathF.Max(a[h], b[h]), last[h]);
                var (x, y, z) = (MathF.Exp(a[h] - top), MathF.Exp(b[h] - top), MathF.Exp(last[h] - top));
                var sum = x + y + z;
                (weights[h], weights[heads + h], weights[2 * heads + h]) = (x / sum, y / sum, z / sum);
            }
        }
    }

    /// <summary>The gradient of the scores from that of the weights.</summary>
    /// <param name="weights">[pair, source, head]</param>
    /// <param name="gradWeights">[part, pair, source, head]; the first part receives the sum of all.</param>
    /// <param name="gradScores">[row, head], to which is added.</param>
    internal void AttendBackward(float* weights, float* gradWeights, float* gradScores)
    {
        var size = first.Length * Sources;
        for (var part = 1; part < Parts; part++)
            for (var k = 0; k < size; k++) gradWeights[k] += gradWeights[part * size + k];
        var last = gradScores + (rows - 1) * heads;
        for (var p = 0; p < first.Length; p++, weights += Sources, gradWeights += Sources)
        {
            var a = gradScores + first[p] * heads;
            var b = gradScores + second[p] * heads;
            for (var h = 0; h < heads; h++)
            {
                var (x, y, z) = (h, heads + h, 2 * heads + h);
                var mean = weights[x] * gradWeights[x] + weights[y] * gradWeights[y] + weights[z] * gradWeights[z];
                a[h] += weights[x] * (gradWeights[x] - mean);
                b[h] += weights[y] * (gradWeights[y] - mean);
                last[h] += weights[z] * (gradWeights[z] - mean);
            }
        }
    }

    /// <summary>Lays a table out by blocks of columns, [head, row, column] → [block, head, row, column within].</summary>
    internal void Pack(float* table, float* packed)
    {
        for (var c = 0; c < columns; c += Block)
            for (var row = 0; row < heads * rows; row++, packed += Block) Copy(table + (long)row * columns + c, packed);
    }

    /// <summary>The reverse of <see cref="Pack"/>.</summary>
    internal void Unpack(float* packed, float* table)
    {
        for (var c = 0; c < columns; c += Block)
            for (var row = 0; row < heads * rows; row++, packed += Block) Copy(packed, table + (long)row * columns + c);
    }

    /// <summary>Mixes the rows.</summary>
    /// <param name="weights">[pair, source, head]</param>
    /// <param name="table">Packed.</param>
    /// <param name="bias">[column]</param>
    /// <param name="output">Receives [pair, column].</param>
    internal void Mix(float* weights, float* table, float* bias, float* output) => InParts((_, c) =>
    {
        for (var p = 0; p < first.Length; p++)
            MixPair(starts + p * Sources, weights + p * Sources, table + c / Block * BlockSize, bias + c, output + (long)p * columns + c,
                c < rectified);
    });

    /// <summary>The gradients of weights, table and bias from that of the output.</summary>
    /// <param name="weights">[pair, source, head]</param>
    /// <param name="table">Packed.</param>
    /// <param name="output">[pair, column], as <see cref="Mix"/> left it: zero where ReLU let nothing pass.</param>
    /// <param name="gradOutput">[pair, column]</param>
    /// <param name="gradWeights">[part, pair, source, head], to which is added; so are the next two.</param>
    /// <param name="gradTable">Packed.</param>
    /// <param name="gradBias">[column]</param>
    internal void MixBackward(float* weights, float* table, float* output, float* gradOutput, float* gradWeights, float* gradTable,
        float* gradBias) => InParts((part, block) =>
    {
        var mine = gradWeights + (long)part * first.Length * Sources;
        // Half a block at a time: the table and its gradient, both, fit into the cache.
        for (var c = block; c < block + Block; c += Block / 2)
        {
            var at = block / Block * BlockSize + c - block;
            for (var p = 0; p < first.Length; p++)
            {
                var place = (long)p * columns + c;
                MixPairBackward(starts + p * Sources, weights + p * Sources, table + at, c < rectified ? output + place : null,
                    gradOutput + place, mine + p * Sources, gradTable + at, gradBias + c);
            }
        }
    });

    /// <summary>
    /// Goes through the blocks of columns, on several threads. Which part a block belongs to does not depend on their
    /// number, and each part adds up in its own place: the sums are the same bits on every machine.
    /// </summary>
    private void InParts(Action<int, int> work) => Parallel.For(0, Parts, parallel, part =>
    {
        var blocks = columns / Block;
        for (var block = blocks * part / Parts; block < blocks * (part + 1) / Parts; block++) work(part, block * Block);
    });

    // Compiled fully at the first call: the profiling version of a hot loop, kept for a while, took five times as long.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MixPair(int* rowStarts, float* weights, float* table, float* bias, float* output, bool rectify)
    {
        var (s0, s1) = (Vector256.Load(bias), Vector256.Load(bias + Lanes));
        var (s2, s3) = (Vector256.Load(bias + 2 * Lanes), Vector256.Load(bias + 3 * Lanes));
        var (s4, s5) = (Vector256.Load(bias + 4 * Lanes), Vector256.Load(bias + 5 * Lanes));
        var (s6, s7) = (Vector256.Load(bias + 6 * Lanes), Vector256.Load(bias + 7 * Lanes));
        for (var k = 0; k < Sources; k++)
        {
            var row = table + rowStarts[k];
            var w = Vector256.Create(weights[k]);
            s0 = Vector256.FusedMultiplyAdd(w, Vector256.Load(row), s0);
            s1 = Vector256.FusedMultiplyAdd(w, Vector256.Load(row + Lanes), s1);
            s2 = Vector256.FusedMultiplyAdd(w, Vector256.Load(row + 2 * Lanes), s2);
            s3 = Vector256.FusedMultiplyAdd(w, Vector256.Load(row + 3 * Lanes), s3);
            s4 = Vector256.FusedMultiplyAdd(w, Vector256.Load(row + 4 * Lanes), s4);
            s5 = Vector256.FusedMultiplyAdd(w, Vector256.Load(row + 5 * Lanes), s5);
            s6 = Vector256.FusedMultiplyAdd(w, Vector256.Load(row + 6 * Lanes), s6);
            s7 = Vector256.FusedMultiplyAdd(w, Vector256.Load(row + 7 * Lanes), s7);
        }

        // Without ReLU nothing is below the floor.
        var floor = Vector256.Create(rectify ? 0 : float.NegativeInfinity);
        Vector256.Max(s0, floor).Store(output);
        Vector256.Max(s1, floor).Store(output + Lanes);
        Vector256.Max(s2, floor).Store(output + 2 * Lanes);
        Vector256.Max(s3, floor).Store(output + 3 * Lanes);
        Vector256.Max(s4, floor).Store(output + 4 * Lanes);
        Vector256.Max(s5, floor).Store(output + 5 * Lanes);
        Vector256.Max(s6, floor).Store(output + 6 * Lanes);
        Vector256.Max(s7, floor).Store(output + 7 * Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MixPairBackward(int* rowStarts, float* weights, float* table, float* output, float* gradOutput, float* gradWeights,
        float* gradTable, float* gradBias)
    {
        var (g0, g1) = (Passed(gradOutput, output, 0), Passed(gradOutput, output, Lanes));
        var (g2, g3) = (Passed(gradOutput, output, 2 * Lanes), Passed(gradOutput, output, 3 * Lanes));
        var k = 0;
        for (; k + 4 <= Sources; k += 4)
        {
            var d0 = SourceBackward(table + rowStarts[k], weights[k], gradTable + rowStarts[k], g0, g1, g2, g3);
            var d1 = SourceBackward(table + rowStarts[k + 1], weights[k + 1], gradTable + rowStarts[k + 1], g0, g1, g2, g3);
            var d2 = SourceBackward(table + rowStarts[k + 2], weights[k + 2], gradTable + rowStarts[k + 2], g0, g1, g2, g3);
            var d3 = SourceBackward(table + rowStarts[k + 3], weights[k + 3], gradTable + rowStarts[k + 3], g0, g1, g2, g3);
            (Vector128.Load(gradWeights + k) + Sums(d0, d1, d2, d3)).Store(gradWeights + k);
        }

        for (; k < Sources; k++)
            gradWeights[k] += Vector256.Sum(SourceBackward(table + rowStarts[k], weights[k], gradTable + rowStarts[k], g0, g1, g2, g3));

        (Vector256.Load(gradBias) + g0).Store(gradBias);
        (Vector256.Load(gradBias + Lanes) + g1).Store(gradBias + Lanes);
        (Vector256.Load(gradBias + 2 * Lanes) + g2).Store(gradBias + 2 * Lanes);
        (Vector256.Load(gradBias + 3 * Lanes) + g3).Store(gradBias + 3 * Lanes);
    }

    /// <summary>Adds to the gradient of a row; gives the products whose sum is the gradient of its weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> SourceBackward(float* row, float weight, float* gradRow, Vector256<float> g0, Vector256<float> g1,
        Vector256<float> g2, Vector256<float> g3)
    {
        var w = Vector256.Create(weight);
        Vector256.FusedMultiplyAdd(w, g0, Vector256.Load(gradRow)).Store(gradRow);
        Vector256.FusedMultiplyAdd(w, g1, Vector256.Load(gradRow + Lanes)).Store(gradRow + Lanes);
        Vector256.FusedMultiplyAdd(w, g2, Vector256.Load(gradRow + 2 * Lanes)).Store(gradRow + 2 * Lanes);
        Vector256.FusedMultiplyAdd(w, g3, Vector256.Load(gradRow + 3 * Lanes)).Store(gradRow + 3 * Lanes);
        var left = Vector256.FusedMultiplyAdd(g1, Vector256.Load(row + Lanes), g0 * Vector256.Load(row));
        return left + Vector256.FusedMultiplyAdd(g3, Vector256.Load(row + 3 * Lanes), g2 * Vector256.Load(row + 2 * Lanes));
    }

    /// <summary>The sums of four vectors.</summary>
    private static Vector128<float> Sums(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d) => Sse3.IsSupported
        ? Sse3.HorizontalAdd(Sse3.HorizontalAdd(Half(a), Half(b)), Sse3.HorizontalAdd(Half(c), Half(d)))
        : Vector128.Create(Vector256.Sum(a), Vector256.Sum(b), Vector256.Sum(c), Vector256.Sum(d));

    private static Vector128<float> Half(Vector256<float> v) => v.GetLower() + v.GetUpper();

    private static Vector256<float> Passed(float* gradOutput, float* output, int at)
    {
        var grad = Vector256.Load(gradOutput + at);
        return output == null ? grad : grad & Vector256.GreaterThan(Vector256.Load(output + at), Vector256<float>.Zero);
    }

    private static void Copy(float* from, float* to) => new ReadOnlySpan<float>(from, Block).CopyTo(new Span<float>(to, Block));
}
