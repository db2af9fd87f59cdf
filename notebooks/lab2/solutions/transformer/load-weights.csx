LayerWeights LoadLayer(WeightFile file, int layer, int heads)
{
    Tensor Load(string name) => file.Load($"transformer.h.{layer}.{name}");

    var qkv = Load("attn.c_attn.weight");         // [d_model, 3 · d_model]
    var qkvBias = Load("attn.c_attn.bias");       // [3 · d_model]
    var width = qkv.size(0);                      // d_model

    // part 0: queries, 1: keys, 2: values
    Tensor Matrix(int part) => qkv.narrow(1, part * width, width).reshape(width, heads, -1).permute(1, 0, 2);
    Tensor Bias(int part) => qkvBias.narrow(0, part * width, width).reshape(heads, -1);
    Tensor Output(Tensor weight) => weight.reshape(heads, -1, width);

    return new LayerWeights(Load("ln_1.weight"), Load("ln_1.bias"),
        Matrix(0), Bias(0), Matrix(1), Bias(1), Matrix(2), Bias(2),
        Output(Load("attn.c_proj.weight")), Load("attn.c_proj.bias"),
        Load("ln_2.weight"), Load("ln_2.bias"),
        Load("mlp.c_fc.weight"), Load("mlp.c_fc.bias"), Load("mlp.c_proj.weight"), Load("mlp.c_proj.bias"));
}
