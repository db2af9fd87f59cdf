using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Interp.Notebooks.Engine;

/// <summary>Sends calls that would end the process, or silently do something else, to the toolkit's checked forms.</summary>
/// <remarks>
/// TorchSharp 0.107 ends the process when <c>matmul</c>, <c>cummax</c>, <c>cummin</c> or <c>autograd.grad</c> refuse their
/// arguments, and takes the literal in <c>x.sum(0)</c> for an element type, so that everything is summed. The checked
/// forms have names of the same length: places in messages stay those of the cell.
/// </remarks>
internal static class GuardedCalls
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["matmul"] = "MatMul",
        ["cummax"] = "CumMax",
        ["cummin"] = "CumMin",
        ["grad"] = "Grad",
        ["backward"] = "Backward",
        ["sum"] = "Sum",
        ["prod"] = "Prod",
    };

    /// <summary>The compilation with such calls in a tree replaced; itself where there are none.</summary>
    public static CSharpCompilation Rewrite(CSharpCompilation compilation, SyntaxTree tree, CancellationToken cancellation)
    {
        var calls = tree.GetRoot(cancellation).DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(call => NameOf(call) is { } name && Names.ContainsKey(name.Identifier.Text)).ToArray();
        if (calls.Length == 0) return compilation;
        var model = compilation.GetSemanticModel(tree);
        var changes = calls.Where(call => IsUnguarded(call, model, cancellation))
            .Select(call => NameOf(call)!.Identifier).Select(name => new TextChange(name.Span, Names[name.Text])).ToArray();
        return changes.Length == 0 ? compilation
            : compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(tree.GetText(cancellation).WithChanges(changes)));
    }

    private static SimpleNameSyntax? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name,
        _ => null,
    };

    private static bool IsUnguarded(InvocationExpressionSyntax call, SemanticModel model, CancellationToken cancellation)
    {
        if (model.GetSymbolInfo(call, cancellation).Symbol is not IMethodSymbol method
            || method.ContainingType?.ToDisplayString() is not ("TorchSharp.torch.Tensor" or "TorchSharp.torch" or "TorchSharp.torch.autograd"))
            return false;
        var arguments = call.ArgumentList.Arguments;
        return method.Name switch
        {
            // The literal 0 has become an element type.
            "sum" or "prod" => arguments is [{ Expression: LiteralExpressionSyntax }]
                && method.Parameters[^1].Type.ToDisplayString().StartsWith("TorchSharp.torch.ScalarType", StringComparison.Ordinal)
                && method.ContainingType.Name == "Tensor" && method.Parameters.Length == 1,
            "backward" => arguments.Count == 0 && method.ContainingType.Name == "Tensor",
            _ => true,
        };
    }
}
