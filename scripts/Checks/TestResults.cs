using System.Xml;
using System.Xml.Linq;

namespace Interp.Checks;

/// <summary>What a results file of <c>dotnet test</c> (trx) says.</summary>
internal sealed record TestResults(int Passed, int Failed, int Skipped, IReadOnlyList<string> SkipReasons, IReadOnlyList<string> FailedTests)
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    public int Total => Passed + Failed + Skipped;

    /// <exception cref="XmlException">The file is not whole.</exception>
    public static TestResults Read(string path)
    {
        // What a test printed may hold characters that XML does not allow.
        using var reader = XmlReader.Create(path, new XmlReaderSettings { CheckCharacters = false });
        var results = XDocument.Load(reader).Descendants(Trx + "UnitTestResult").ToLookup(result => (string?)result.Attribute("outcome"));
        var (passed, skipped) = (results["Passed"].ToArray(), results["NotExecuted"].ToArray());
        var failed = results.Where(outcome => outcome.Key is "Failed" or "Error" or "Timeout" or "Aborted").SelectMany(outcome => outcome);
        var names = failed.Select(result => (string?)result.Attribute("testName") ?? "?").ToArray();
        return new TestResults(passed.Length, names.Length, skipped.Length, [.. skipped.Select(Reason)], names);
    }

    private static string Reason(XElement result)
    {
        var output = result.Element(Trx + "Output");
        var text = (string?)output?.Element(Trx + "ErrorInfo")?.Element(Trx + "Message") ?? (string?)output?.Element(Trx + "StdOut");
        return string.IsNullOrWhiteSpace(text) ? "no reason given" : text.Trim().ReplaceLineEndings(" ");
    }
}
