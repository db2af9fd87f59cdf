Tensor FrequencyShare(Tensor neurons, Tensor basis)   // [p², neuron], [wave, p] → [p/2, neuron]
{
    var p = (int)basis.size(0);
    var picture = neurons.reshape(p, p, -1);                                         // [a, b, neuron]
    var centred = picture - picture.mean([0, 1], keepdim: true);
    var half = torch.einsum("fa,abn->fbn", basis, centred);
    var energy = torch.einsum("gb,fbn->fgn", basis, half).square();   // [wave of a, wave of b, neuron]
    var total = energy.sum([0, 1]);
    return torch.stack([.. Enumerable.Range(1, p / 2).Select(k =>
    {
        var waves = torch.tensor(new long[] { 0, 2 * k - 1, 2 * k });
        return energy.index_select(0, waves).index_select(1, waves).sum([0, 1]) / total;
    })]);
}
