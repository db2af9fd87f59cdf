namespace Interp.Torch.Tests.Optim;

/// <summary>Fifty steps of training beside PyTorch's: the losses and the final parameters.</summary>
public class TrainingParityTests
{
    private const string ModularAddition = "fixtures/training/modadd_p13_adamw_50steps.safetensors";
    private const string Autoencoder = "fixtures/training/sae_l1_adam_50steps.safetensors";

    [SharedFact(ModularAddition)]
    public void AdamW_trains_a_transformer_as_PyTorch_does()
    {
        var file = SafeTensorsFile.Read(SharedData.Path(ModularAddition));
        var p = Parameters(file, name => !name.Contains("IGNORE"));
        foreach (var (name, tensor) in p) tensor.requires_grad = !name.Contains("b_");
        using var optimizer = new AdamW(p.Values.Where(tensor => tensor.requires_grad),
            new AdamWOptions { LearningRate = 1e-3, WeightDecay = 1, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-8 });
        List<double> losses = [];
        for (var step = 0; step < 50; step++)
        {
            using var scope = torch.NewDisposeScope();
            optimizer.zero_grad();
            var logits = Logits(p, file["X"])[.., -1].to(ScalarType.Float64);
            var loss = -logits.log_softmax(-1).gather(1, file["Y"].unsqueeze(1)).mean();
            loss.backward();
            if (step == 0)
                foreach (var (name, tensor) in p)
                    if (tensor.requires_grad) AssertTensor.Close(file["grad0." + name], tensor.grad!, 1e-6, 1e-4);
            losses.Add(loss.item<double>());
            optimizer.step();
        }
        AssertTensor.Close(losses, file["losses_f64"], 1e-5);
        foreach (var (name, tensor) in p) AssertTensor.Close(file["final." + name], tensor.detach(), 2e-5, 1e-4);
    }

    [SharedFact(Autoencoder)]
    public void Adam_trains_a_sparse_autoencoder_as_PyTorch_does()
    {
        var file = SafeTensorsFile.Read(SharedData.Path(Autoencoder));
        var p = Parameters(file, _ => true);
        foreach (var tensor in p.Values) tensor.requires_grad = true;
        using var optimizer = new Adam(p.Values, new AdamOptions { LearningRate = 1e-3, Beta1 = 0.9, Beta2 = 0.99 });
        List<double> losses = [];
        for (var step = 0; step < 50; step++)
        {
            using var scope = torch.NewDisposeScope();
            optimizer.zero_grad();
            var acts = ((file["x"] - p["b_dec"]).matmul(p["W_enc"]) + p["b_enc"]).relu();
            var error = (acts.matmul(p["W_dec"]) + p["b_dec"] - file["x"]).square().sum(1).mean();
            var sparsity = acts.abs().sum(1).mean();
            (error + 0.03 * sparsity).backward();
            losses.Add(error.item<double>());
            optimizer.step();
        }
        AssertTensor.Close(losses, file["losses_l2_l1"][.., 0], 1e-4);
        foreach (var (name, tensor) in p) AssertTensor.Close(file["final." + name], tensor.detach(), 2e-5, 1e-4);
    }

    private static Dictionary<string, Tensor> Parameters(Dictionary<string, Tensor> file, Func<string,
        bool> wanted) => file
        .Where(pair => pair.Key.StartsWith("init.") && wanted(pair.Key))
        .ToDictionary(pair => pair.Key["init.".Length..], pair => pair.Value.clone());

    /// <summary>
    /// A transformer of one layer without layer norm: [batch, positions] to [batch, positions,
    /// classes].
    /// </summary>
    private static Tensor Logits(Dictionary<string, Tensor> p, Tensor tokens)
    {
        var positions = (int)tokens.size(1);
        var residual = p["embed.W_E"][tokens] + p["pos_embed.W_pos"][..positions];
        Tensor Project(string name) =>
            torch.einsum("bsm,hmd->bshd", residual, p["blocks.0.attn.W_" + name]) + p["blocks.0.attn.b_" + name];
        var width = p["blocks.0.attn.W_Q"].size(2);
        var scores = torch.einsum("bqhd,bkhd->bhqk", Project("Q"), Project("K")) / Math.Sqrt(width);
        var future = torch.ones([positions, positions], ScalarType.Bool, tokens.device).triu(1);
        var pattern = scores.masked_fill(future, double.NegativeInfinity).softmax(-1);
        var z = torch.einsum("bhqk,bkhd->bqhd", pattern, Project("V"));
        residual = residual + torch.einsum("bqhd,hdm->bqm", z, p["blocks.0.attn.W_O"]) + p["blocks.0.attn.b_O"];
        var hidden = (residual.matmul(p["blocks.0.mlp.W_in"]) + p["blocks.0.mlp.b_in"]).relu();
        residual = residual + hidden.matmul(p["blocks.0.mlp.W_out"]) + p["blocks.0.mlp.b_out"];
        return residual.matmul(p["unembed.W_U"]) + p["unembed.b_U"];
    }
}
