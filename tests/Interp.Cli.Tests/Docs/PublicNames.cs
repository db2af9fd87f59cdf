using System.Reflection;
using System.Runtime.CompilerServices;
using Interp.Circuits.Patching;
using Interp.Models;
using Interp.Notebooks.Files;
using Interp.Reports;
using Interp.Sae.Dictionaries;
using Interp.Studies;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Tests.Docs;

/// <summary>The public types and members of the toolkit, as a text names them.</summary>
internal static class PublicNames
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.FlattenHierarchy;

    private static readonly ILookup<string, Type> Types = new[]
        {
            typeof(Tensor), typeof(HookedTransformer), typeof(ActivationPatching), typeof(SparseCoder), typeof(Report), typeof(Verdict),
            typeof(NotebookFile),
        }
        .SelectMany(type => type.Assembly.GetExportedTypes()).ToLookup(type => type.Name.Split('`')[0]);

    private static readonly ILookup<string, MethodInfo> Extensions = Types.SelectMany(types => types)
        .Where(type => type is { IsAbstract: true, IsSealed: true })
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .Where(method => method.IsDefined(typeof(ExtensionAttribute))).ToLookup(method => method.Name);

    /// <summary>Whether a public type has this name.</summary>
    public static bool IsType(string name) => Types.Contains(name);

    /// <summary>Whether <c>Type</c> or <c>Type.Member</c> is there; an extension method counts for the type that it extends.</summary>
    public static bool Exists(string name) => name.Split('.') switch
    {
        [var type] => IsType(type),
        [var type, var member] => Types[type].Any(owner => owner.GetMember(member, Declared).Length > 0
            || Extensions[member].Any(method => method.GetParameters()[0].ParameterType.IsAssignableFrom(owner))),
        _ => false,
    };
}
