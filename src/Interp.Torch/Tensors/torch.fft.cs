using Interp.Torch.Engine;

namespace Interp.Torch;

public static partial class torch
{
    /// <summary>Discrete Fourier transforms along one dimension or two, unnormalized forward as in PyTorch.</summary>
    public static class fft
    {
        private static readonly Operator FftOp = Operator.Get("aten::fft_fft");
        private static readonly Operator IfftOp = Operator.Get("aten::fft_ifft");
        private static readonly Operator RfftOp = Operator.Get("aten::fft_rfft");
        private static readonly Operator IrfftOp = Operator.Get("aten::fft_irfft");
        private static readonly Operator Fft2Op = Operator.Get("aten::fft_fft2");
        private static readonly Operator Rfft2Op = Operator.Get("aten::fft_rfft2");
        private static readonly Operator FrequenciesOp = Operator.Get("aten::fft_fftfreq");
        private static readonly Operator ShiftOp = Operator.Get("aten::fft_fftshift");
        private static readonly Operator InverseShiftOp = Operator.Get("aten::fft_ifftshift");
        private static readonly Operator Ifft2Op = Operator.Get("aten::fft_ifft2");

        /// <summary>
        /// Complex transform; named as in TorchSharp,
        /// because a class cannot hold a method of its name.
        /// </summary>
        public static Tensor fft_(Tensor x, long? n = null, long dim = -1, string? norm = null) =>
            FftOp.Call(x, n, dim, norm);

        /// <summary>Inverse complex transform.</summary>
        public static Tensor ifft(Tensor x, long? n = null, long dim = -1, string? norm = null) =>
            IfftOp.Call(x, n, dim, norm);

        /// <summary>Transform of real numbers: the non-negative frequencies.</summary>
        public static Tensor rfft(Tensor x, long? n = null, long dim = -1, string? norm = null) =>
            RfftOp.Call(x, n, dim, norm);

        /// <summary>Inverse of <see cref="rfft"/>; <paramref name="n"/> says whether the length was odd.</summary>
        public static Tensor irfft(Tensor x, long? n = null, long dim = -1, string? norm = null) =>
            IrfftOp.Call(x, n, dim, norm);

        /// <summary>Complex transform over two dimensions.</summary>
        public static Tensor fft2(Tensor x, string? norm = null) =>
            Fft2Op.Call(x, Arg.None, new long[] { -2, -1 }, norm);

        /// <summary>Transform of real numbers over two dimensions: the non-negative frequencies of the last.</summary>
        public static Tensor rfft2(Tensor x, string? norm = null) =>
            Rfft2Op.Call(x, Arg.None, new long[] { -2, -1 }, norm);

        /// <summary>The frequencies of a transform of n samples at a distance.</summary>
        public static Tensor fftfreq(long n, double distance = 1, Device? device = null) =>
            FrequenciesOp.Call(n, distance, ScalarType.Float32, Arg.None, device);

        /// <summary>Frequency 0 moved to the middle of dimensions; of all where null.</summary>
        public static Tensor fftshift(Tensor x, long[]? dims = null) => ShiftOp.Call(x, dims);

        /// <summary>Inverse of <see cref="fftshift"/>.</summary>
        public static Tensor ifftshift(Tensor x, long[]? dims = null) => InverseShiftOp.Call(x, dims);

        /// <summary>Inverse complex transform over two dimensions.</summary>
        public static Tensor ifft2(Tensor x, string? norm = null) =>
            Ifft2Op.Call(x, Arg.None, new long[] { -2, -1 }, norm);
    }
}
