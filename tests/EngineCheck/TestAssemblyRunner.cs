using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Interp.EngineCheck;

/// <summary>Runs every test of a loaded assembly with xunit's own executor: fixtures, theories and skips as elsewhere.</summary>
internal static class TestAssemblyRunner
{
    /// <summary>Runs the tests one collection after the other and returns when all have ended.</summary>
    public static void Run(Assembly assembly, TestCounter counter)
    {
        using var framework = new XunitTestFramework(counter);
        using var executor = framework.GetExecutor(assembly.GetName());
        var options = new FrameworkOptions();
        options.SetValue("xunit.execution.DisableParallelization", true);
        options.SetValue("xunit.execution.SynchronousMessageReporting", true);
        options.SetValue("xunit.discovery.SynchronousMessageReporting", true);
        executor.RunAll(counter, options, options);
        counter.Finished.WaitOne();
    }

    /// <summary>xunit's settings, as a dictionary.</summary>
    private sealed class FrameworkOptions : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
    {
        private readonly Dictionary<string, object?> _values = [];

        public TValue GetValue<TValue>(string name) =>
            _values.TryGetValue(name, out var value) && value is TValue typed ? typed : default!;

        public void SetValue<TValue>(string name, TValue value) => _values[name] = value;
    }
}
