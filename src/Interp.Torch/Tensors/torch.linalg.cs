using Interp.Torch.Engine;

namespace Interp.Torch;

public static partial class torch
{
    /// <summary>Decompositions and norms of matrices; leading dimensions are batches.</summary>
    public static class linalg
    {
        private static readonly Operator SvdOp = Operator.Get("aten::linalg_svd");
        private static readonly Operator SvdValuesOp = Operator.Get("aten::linalg_svdvals");
        private static readonly Operator EigOp = Operator.Get("aten::linalg_eig");
        private static readonly Operator EigValuesOp = Operator.Get("aten::linalg_eigvals");
        private static readonly Operator EighOp = Operator.Get("aten::linalg_eigh");
        private static readonly Operator QrOp = Operator.Get("aten::linalg_qr");
        private static readonly Operator InverseOp = Operator.Get("aten::linalg_inv");
        private static readonly Operator PseudoInverseOp = Operator.Get("aten::linalg_pinv.atol_rtol_tensor");
        private static readonly Operator SolveOp = Operator.Get("aten::linalg_solve");
        private static readonly Operator CholeskyOp = Operator.Get("aten::linalg_cholesky");
        private static readonly Operator DeterminantOp = Operator.Get("aten::linalg_det");
        private static readonly Operator VectorNormOp = Operator.Get("aten::linalg_vector_norm");
        private static readonly Operator MatrixRankOp = Operator.Get("aten::linalg_matrix_rank.atol_rtol_float");
        private static readonly Operator EigValuesSymmetricOp = Operator.Get("aten::linalg_eigvalsh");
        private static readonly Operator MatrixNormOp = Operator.Get("aten::linalg_matrix_norm.str_ord");
        private static readonly Operator MatrixExponentialOp = Operator.Get("aten::linalg_matrix_exp");
        private static readonly Operator LogDeterminantOp = Operator.Get("aten::linalg_slogdet");
        private static readonly Operator SolveTriangularOp = Operator.Get("aten::linalg_solve_triangular");
        private static readonly Operator LeastSquaresOp = Operator.Get("aten::linalg_lstsq");

        /// <summary>Singular value decomposition A = U diag(S) Vh, singular values in falling order.</summary>
        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor a, bool fullMatrices = true) =>
            SvdOp.CallTriple(a, fullMatrices);

        /// <summary>Singular values in falling order.</summary>
        public static Tensor svdvals(Tensor a) => SvdValuesOp.Call(a);

        /// <summary>Eigenvalues and right eigenvectors, complex.</summary>
        public static (Tensor values, Tensor vectors) eig(Tensor a) => EigOp.CallPair(a);

        /// <summary>Eigenvalues, complex.</summary>
        public static Tensor eigvals(Tensor a) => EigValuesOp.Call(a);

        /// <summary>Eigenvalues in rising order and eigenvectors of a symmetric or Hermitian matrix.</summary>
        public static (Tensor values, Tensor vectors) eigh(Tensor a) => EighOp.CallPair(a);

        /// <summary>Eigenvalues in rising order of a symmetric or Hermitian matrix.</summary>
        public static Tensor eigvalsh(Tensor a) => EigValuesSymmetricOp.Call(a);

        /// <summary>A = QR with orthonormal columns in Q.</summary>
        public static (Tensor Q, Tensor R) qr(Tensor a) => QrOp.CallPair(a);

        /// <summary>Inverse of square matrices.</summary>
        public static Tensor inv(Tensor a) => InverseOp.Call(a);

        /// <summary>Moore–Penrose inverse.</summary>
        public static Tensor pinv(Tensor a) => PseudoInverseOp.Call(a);

        /// <summary>X with A X = B.</summary>
        public static Tensor solve(Tensor a, Tensor b) => SolveOp.Call(a, b);

        /// <summary>The lower triangle L of A = L Lᵀ.</summary>
        public static Tensor cholesky(Tensor a) => CholeskyOp.Call(a);

        /// <summary>Determinant.</summary>
        public static Tensor det(Tensor a) => DeterminantOp.Call(a);

        /// <summary>The p-norm over dimensions, or of all elements.</summary>
        public static Tensor vector_norm(Tensor x, double p = 2, long[]? dims = null, bool keepdim = false) =>
            VectorNormOp.Call(x, p, dims, keepdim);

        /// <summary>
        /// A norm of the last two dimensions: <c>"fro"</c> (root of the sum of squares)
        /// or <c>"nuc"</c> (sum of singular values).
        /// </summary>
        public static Tensor matrix_norm(Tensor a, string ord = "fro", bool keepdim = false) =>
            MatrixNormOp.Call(a, ord, new long[] { -2, -1 }, keepdim);

        /// <summary>I + A + A²/2 + A³/6 + …</summary>
        public static Tensor matrix_exp(Tensor a) => MatrixExponentialOp.Call(a);

        /// <summary>Sign and logarithm of the absolute value of the determinant.</summary>
        public static (Tensor sign, Tensor logabsdet) slogdet(Tensor a) => LogDeterminantOp.CallPair(a);

        /// <summary>X with A X = B for a triangular A; the other triangle is not read.</summary>
        public static Tensor solve_triangular(Tensor a, Tensor b, bool upper) => SolveTriangularOp.Call(a, b, upper);

        /// <summary>The number of singular values that are not zero within rounding.</summary>
        public static Tensor matrix_rank(Tensor a) => MatrixRankOp.Call(a);

        /// <summary>X that makes ‖A X − B‖ smallest.</summary>
        public static Tensor lstsq(Tensor a, Tensor b)
        {
            var results = LeastSquaresOp.CallTensors(a, b);
            foreach (var extra in results.AsSpan(1)) extra?.Dispose();
            return results[0]!;
        }
    }
}
