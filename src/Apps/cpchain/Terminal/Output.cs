namespace CPChain.App.Terminal;

/// <summary>Lines for a person. Colours only on a terminal; nothing at all where a machine reads (quiet).</summary>
public sealed class Output(TextWriter writer, bool quiet, bool colours)
{
    private readonly Lock gate = new();

    /// <summary>Standard output for a person, or silence when <paramref name="json"/> is asked for.</summary>
    public static Output ForCommand(bool json) => new(
        Console.Out, json, !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null);

    public void Line(string text = "")
    {
        if (quiet) return;
        lock (gate) writer.WriteLine(text);
    }

    public void Heading(string text) => Line(Paint("1", text));

    /// <summary>A step that was done: mark, layer, what happened, how long it took.</summary>
    public void Step(bool passed, string layer, string text, long elapsedMs)
    {
        string mark = passed ? Paint("32", "ok  ") : Paint("31;1", "FAIL");
        Line($"{mark} {Paint("36", layer.PadRight(11))} {text} {Paint("2", $"({elapsedMs / 1000.0:0.0} s)")}");
    }

    /// <summary>What a step proved, under it.</summary>
    public void Detail(string text) => Line($"                 {Paint("2", text)}");

    private string Paint(string code, string text) => colours ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
