namespace Interp.Notebooks.Display;

/// <summary>Console.In while an engine is open: lines that the person at the front end types.</summary>
internal sealed class CellInput(CellSession session) : TextReader
{
    private string _line = "";
    private int _next;

    public override string? ReadLine()
    {
        if (_next >= _line.Length) return session.ReadLine("", password: false);
        var rest = _line[_next..].TrimEnd('\n');
        _next = _line.Length;
        return rest;
    }

    public override int Peek() => _next < _line.Length ? _line[_next] : -1;

    public override int Read()
    {
        if (_next >= _line.Length) (_line, _next) = (session.ReadLine("", password: false) + "\n", 0);
        return _line[_next++];
    }
}
