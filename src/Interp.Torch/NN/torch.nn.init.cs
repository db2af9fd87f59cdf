namespace Interp.Torch;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// Initial values of weights, in place, each from a generator where it is random. The same seed gives the
        /// numbers of PyTorch's functions of these names.
        /// </summary>
        /// <remarks>A weight is [out, in, …]; fan-in and fan-out are its second
        /// and first size times the rest.</remarks>
        public static class init
        {
            /// <summary>Every element 0.</summary>
            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0);

            /// <summary>Every element 1.</summary>
            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

            /// <summary>Every element the same.</summary>
            public static Tensor constant_(Tensor tensor, double value) => Quietly(tensor, t => t.fill_(value));

            /// <summary>Uniform between two bounds.</summary>
            public static Tensor uniform_(Tensor tensor, double from = 0, double to = 1, Generator? generator = null) =>
                Quietly(tensor, t => t.uniform_(from, to, generator));

            /// <summary>Normal.</summary>
            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) =>
                Quietly(tensor, t => t.normal_(mean, std, generator));

            /// <summary>Uniform within ± gain √(6 / (fan-in + fan-out)) (Glorot and Bengio 2010).</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1, Generator? generator = null)
            {
                var (fanIn, fanOut) = Fans(tensor);
                var bound = Math.Sqrt(3.0) * (gain * Math.Sqrt(2.0 / (fanIn + fanOut)));
                return uniform_(tensor, -bound, bound, generator);
            }

            /// <summary>Normal with a standard deviation of gain √(2 / (fan-in + fan-out)).</summary>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1, Generator? generator = null)
            {
                var (fanIn, fanOut) = Fans(tensor);
                return normal_(tensor, 0, gain * Math.Sqrt(2.0 / (fanIn + fanOut)), generator);
            }

            /// <summary>
            /// Uniform within ± √(6 / ((1 + a²) fan-in)),
            /// for a leaky ReLU of slope a (He et al. 2015).
            /// </summary>
            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, Generator? generator = null)
            {
                var bound = Math.Sqrt(3.0) * KaimingDeviation(tensor, a);
                return uniform_(tensor, -bound, bound, generator);
            }

            /// <summary>
            /// Normal with a standard deviation of √(2 / ((1 + a²) fan-in)),
            /// for a leaky ReLU of slope a.
            /// </summary>
            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, Generator? generator = null) =>
                normal_(tensor, 0, KaimingDeviation(tensor, a), generator);

            /// <summary>Normal, cut off at two bounds.</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double from = -2,
                double to = 2, Generator? generator = null) =>
                Quietly(tensor, t =>
                {
                    // Uniform between the normal distribution's values at the bounds, then its inverse.
                    var (low, high) = (Erf((from - mean) / std / Math.Sqrt(2)), Erf((to - mean) / std / Math.Sqrt(2)));
                    t.uniform_(low, high, generator).erfinv_().mul_(std * Math.Sqrt(2)).add_(mean).clamp_(from, to);
                });

            /// <summary>
            /// Rows, or columns where there are fewer, that are orthonormal,
            /// times a gain (Saxe et al. 2014).
            /// </summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1, Generator? generator = null)
            {
                Fans(tensor);
                return Quietly(tensor, t =>
                {
                    var rows = t.size(0);
                    var columns = t.numel() / Math.Max(rows, 1);
                    var random = randn([rows, columns], generator, t.dtype, t.device);
                    var (q, r) = linalg.qr(rows < columns ? random.t() : random);
                    // The signs make the distribution uniform (Mezzadri 2007).
                    q.mul_(r.diag().sign());
                    t.copy_((rows < columns ? q.t() : q).reshape(t.shape)).mul_(gain);
                });
            }

            private static Tensor Quietly(Tensor tensor, Action<Tensor> change)
            {
                using var scope = NewDisposeScope();
                using var noGrad = no_grad();
                change(tensor);
                return tensor;
            }

            private static double Erf(double x) => torch.tensor(x, ScalarType.Float64).erf().item<double>();

            private static double KaimingDeviation(Tensor tensor, double a) =>
                Math.Sqrt(2.0 / (1 + a * a)) / Math.Sqrt(Fans(tensor).In);

            private static (double In, double Out) Fans(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length < 2)
                    throw new ArgumentException(
                        $"a weight of {shape.Length} dimensions has no fan-in and fan-out; two are needed");
                double rest = shape.Skip(2).Aggregate(1L, (product, size) => product * size);
                return (shape[1] * rest, shape[0] * rest);
            }
        }
    }
}
