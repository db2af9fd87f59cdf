using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Weights.PyTorch;

public class PythonTorchTests
{
    private const string Script = """
        import collections, sys, torch
        class Config:
            def __init__(self): self.d = 3
        torch.manual_seed(0)
        net = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
        optimizer = torch.optim.Adam(net.parameters())
        net(torch.ones(4, 3)).sum().backward()
        optimizer.step()
        base = torch.arange(24, dtype=torch.float64).reshape(2, 3, 4)
        saved = {
            'net': net.state_dict(), 'optimizer': optimizer.state_dict(), 'module': net, 'config': Config(),
            'base': base, 'view': base.permute(2, 0, 1)[1:3], 'expanded': torch.ones(1).expand(5),
            'half': torch.tensor([1.5], dtype=torch.float16), 'bf16': torch.tensor([1.5], dtype=torch.bfloat16),
            'complex': torch.tensor([1 + 2j]), 'bool': torch.tensor([True, False]), 'empty': torch.zeros(0, 3),
            'scalar': torch.tensor(7), 'parameter': torch.nn.Parameter(torch.ones(2)),
            'values': [1, 2.5, 'three', None, True, 2**70, b'bytes', (1, 2), {3}, torch.Size([4, 5]), torch.int8,
                       torch.device('cuda:1'), 1 + 2j, collections.OrderedDict(a=1),
                       collections.defaultdict(list, b=[2]), frozenset([6]), -1, -200, 70000, float('nan')],
            'sparse': torch.eye(2).to_sparse(),
            'quantized': torch.quantize_per_tensor(torch.ones(2), .1, 0, torch.qint8),
        }
        for p in range(1, 6):
            torch.save(saved, f'{sys.argv[1]}/zip{p}', pickle_protocol=p)
            torch.save(saved, f'{sys.argv[1]}/legacy{p}', _use_new_zipfile_serialization=False, pickle_protocol=p)
        """;

    [PythonTorchFact]
    public void Files_of_PyTorch_itself_load_in_both_layouts_and_every_protocol()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, PythonTorchFactAttribute.Run(Script, folder.Root));
        for (var protocol = 1; protocol <= 5; protocol++)
        {
            Check(Path.Combine(folder.Root, $"zip{protocol}"), WeightFormat.PyTorchZip);
            Check(Path.Combine(folder.Root, $"legacy{protocol}"), WeightFormat.PyTorchLegacy);
        }
    }

    private static void Check(string path, WeightFormat format)
    {
        using var scope = torch.NewDisposeScope();
        using var file = (PyTorchFile)WeightFile.Open(path);
        Assert.Equal(format, file.Format);
        var tensors = file.LoadAll();

        Assert.Equal([2L, 3L], tensors["net.0.weight"].shape);
        Assert.Equal(tensors["net.0.weight"].ToArray<float>(), tensors["module.0.weight"].ToArray<float>());
        Assert.Equal(1L, tensors["net.1.num_batches_tracked"].ToInt64());
        Assert.Equal([2L, 3L], tensors["optimizer.state.0.exp_avg"].shape);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (double)i), tensors["base"].ToArray<double>());
        Assert.Equal([1.0, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22], tensors["view"].ToArray<double>());
        Assert.Equal([1f, 1, 1, 1, 1], tensors["expanded"].ToArray<float>());
        Assert.Equal(1.5f, tensors["half"].to(ScalarType.Float32).ToSingle());
        Assert.Equal(1.5f, tensors["bf16"].to(ScalarType.Float32).ToSingle());
        Assert.Equal(ScalarType.ComplexFloat32, tensors["complex"].dtype);
        Assert.Equal([true, false], tensors["bool"].ToArray<bool>());
        Assert.Equal([0L, 3L], tensors["empty"].shape);
        Assert.Equal(7L, tensors["scalar"].ToInt64());
        Assert.True(file.RequiresGrad("parameter"));
        tensors["base"].mul_(2);
        Assert.Equal(2.0, tensors["view"].ToArray<double>()[0]);

        CheckValues(file);
    }

    private static void CheckValues(PyTorchFile file)
    {
        var values = (PickledSequence)((PickledDictionary)file.Root!)["values"]!;
        Assert.Equal(
            [1L, 2.5, "three", null, true, System.Numerics.BigInteger.Pow(2, 70), "bytes"u8.ToArray()], values.Take(7));
        Assert.Equal([1L, 2L], (PickledSequence)values[7]!);
        Assert.Equal([3L], (PickledSequence)values[8]!);
        Assert.Equal([4L, 5L], (PickledSequence)values[9]!);
        Assert.Equal(["torch.int8", "cuda:1", new System.Numerics.Complex(1, 2)], values.Skip(10).Take(3));
        Assert.Equal(1L, ((PickledDictionary)values[13]!)["a"]);
        Assert.Equal([2L], (PickledSequence)((PickledDictionary)values[14]!)["b"]!);
        Assert.Equal([6L], (PickledSequence)values[15]!);
        Assert.Equal([-1L, -200L, 70000L, double.NaN], values.Skip(16));

        Assert.Equal("__main__.Config", file.NotLoaded["config"]);
        Assert.Equal(3L, file.Values["config.d"]);
        Assert.Equal("torch._utils._rebuild_sparse_tensor", file.NotLoaded["sparse"]);
        Assert.Equal("torch._utils._rebuild_qtensor", file.NotLoaded["quantized"]);
    }
}
