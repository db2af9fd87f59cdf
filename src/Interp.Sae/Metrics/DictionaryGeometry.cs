using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Metrics;

/// <summary>How the directions of a dictionary lie to each other; known from its weights alone.</summary>
/// <param name="EncoderDecoderCosines">For every feature the cosine of what it reads and what it writes; null where it
/// writes in another width than it reads. Low values are a sign of absorbed features.</param>
/// <param name="NearestDecoderCosines">For every feature the largest cosine of its decoder direction with another's;
/// near 1 are features that were learned twice.</param>
/// <param name="NearestEncoderCosines">The same for encoder directions.</param>
/// <remarks>
/// As SAELens's encoder_decoder_cosine_sim and SAEBench's max_decoder_cosine_sim and max_encoder_cosine_sim. A direction
/// of length 0 has cosine 0 with everything.
/// </remarks>
public sealed record DictionaryGeometry(IReadOnlyList<double>? EncoderDecoderCosines,
    IReadOnlyList<double> NearestDecoderCosines, IReadOnlyList<double> NearestEncoderCosines)
{
    private const int Chunk = 256;

    /// <summary>The mean of <see cref="EncoderDecoderCosines"/>; null where they are.</summary>
    public double? EncoderDecoderCosine => EncoderDecoderCosines?.Average();

    /// <summary>The mean of <see cref="NearestDecoderCosines"/>.</summary>
    public double NearestDecoderCosine => NearestDecoderCosines.Average();

    /// <summary>The mean of <see cref="NearestEncoderCosines"/>.</summary>
    public double NearestEncoderCosine => NearestEncoderCosines.Average();

    /// <summary>Measures; takes time in proportion to the square of the number of features.</summary>
    /// <param name="dictionary">What is measured.</param>
    /// <param name="cancellation">Stops between parts.</param>
    public static DictionaryGeometry Measure(SparseCoder dictionary, CancellationToken cancellation = default)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        // Crosscoders have a direction at every site; all of them together are one.
        var encoder = Unit(dictionary["W_enc"].movedim(-1, 0).flatten(1)); // [d_sae, d_in]
        var decoder = Unit(dictionary["W_dec"].flatten(1));                // [d_sae, d_out]
        var pairs = encoder.size(1) != decoder.size(1) ? null
            : (encoder * decoder).sum([1L]).to(ScalarType.Float64).ToArray<double>();
        return new DictionaryGeometry(pairs, Nearest(decoder, cancellation), Nearest(encoder, cancellation));
    }

    private static Tensor Unit(Tensor rows) =>
        rows / torch.linalg.vector_norm(rows, 2, [-1], keepdim: true).clamp_min(1e-12);

    private static double[] Nearest(Tensor rows, CancellationToken cancellation)
    {
        if (rows.size(0) == 1) return [0];
        var nearest = new List<double>();
        for (var start = 0L; start < rows.size(0); start += Chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            var count = Math.Min(Chunk, rows.size(0) - start);
            var cosines = rows.narrow(0, start, count).MatMul(rows.t()); // [count, d_sae]
            cosines.narrow(1, start, count).fill_diagonal_(double.NegativeInfinity); // not with itself
            nearest.AddRange(cosines.amax([1]).to(ScalarType.Float64).ToArray<double>());
        }

        return [.. nearest];
    }
}
