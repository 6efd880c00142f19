using System.Text;

namespace CPChain.Sdk.Generation;

/// <summary>Lines of code with their indent.</summary>
internal sealed class CodeText
{
    private const int ColumnsMax = 118;
    private readonly StringBuilder _text = new();
    private int _indent;

    public void Line(string line = "")
    {
        if (line.StartsWith('}')) _indent--;
        if (line.Length > 0) _text.Append(' ', 4 * _indent).Append(line);
        _text.Append('\n');
        if (line == "{") _indent++;
    }

    /// <summary>A member whose body follows in braces or behind the arrow.</summary>
    public void Deeper(string line) => _text.Append(' ', 4 * (_indent + 1)).Append(line).Append('\n');

    /// <summary>Head, parameters and tail, on one line where they fit.</summary>
    public void Call(string head, IReadOnlyList<string> items, string tail)
    {
        string whole = $"{head}({string.Join(", ", items)}){tail}";
        if (4 * _indent + whole.Length <= ColumnsMax)
        {
            Line(whole);
            return;
        }
        Line(head + "(");
        List<string> lines = Wrapped(items, ColumnsMax - 4 * (_indent + 1));
        for (int i = 0; i < lines.Count; i++) Deeper(lines[i] + (i + 1 < lines.Count ? "," : $"){tail}"));
    }

    /// <summary>Text as it is, without indent.</summary>
    public void Raw(string line) => _text.Append(line).Append('\n');

    public override string ToString() => _text.ToString();

    private static List<string> Wrapped(IReadOnlyList<string> items, int columns)
    {
        List<string> lines = [];
        StringBuilder line = new();
        foreach (string item in items)
        {
            if (line.Length > 0 && line.Length + item.Length + 4 > columns)
            {
                lines.Add(line.ToString());
                line.Clear();
            }
            line.Append(line.Length > 0 ? ", " : "").Append(item);
        }
        lines.Add(line.ToString());
        return lines;
    }
}
