// [p, n], [wave, p] → norm of each frequency [p/2], beginning with k = 1
Tensor Spectrum(Tensor values, Tensor basis)
{
    var energy = basis.matmul(values).square().sum(-1);            // [wave]
    var cosines = energy[TensorIndex.Slice(1, null, 2)];
    var sines = energy[TensorIndex.Slice(2, null, 2)];
    return (cosines + sines).sqrt();
}
