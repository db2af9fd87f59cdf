using System.Reflection;
using Interp.EngineCheck;

// EngineCheck [ASSEMBLY]: runs the tests of an assembly beside this program (the engine's by default).
// The last line is `N passed, N failed, N skipped`; the exit code is 1 when a test failed or none was found.
var name = args.Length > 0 ? args[0] : "Interp.Torch.Tests";
var sink = new TestCounter(Console.Out);
TestAssemblyRunner.Run(Assembly.Load(name), sink);
Console.WriteLine(sink.Summary);
return sink.Failed > 0 || sink.Passed == 0 ? 1 : 0;
