using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CPChain.App.Terminal;

/// <summary>What a command found out or did: a line for each fact where a person reads, one JSON object where a machine does.</summary>
internal sealed class Answer(bool json)
{
    private const int LabelWidth = 18;
    // For a terminal or a pipe, never inside a web page.
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Output output = Output.ForCommand(json);
    private readonly JsonObject members = [];

    /// <summary>A fact: its JSON name, what a person calls it, and the text.</summary>
    public void Fact(string name, string label, string text) => Fact(name, label, text, JsonValue.Create(text));

    /// <summary>The same where JSON has another form than text.</summary>
    public void Fact(string name, string label, string text, JsonNode? value)
    {
        members[name] = value;
        output.Line($"{(label + ":").PadRight(LabelWidth)} {text}");
    }

    /// <summary>A fact that only machines ask for.</summary>
    public void Member(string name, JsonNode? value) => members[name] = value;

    /// <summary>A sentence for a person.</summary>
    public void Say(string sentence) => output.Line(sentence);

    /// <summary>What comes next; machines have it as <c>next</c>.</summary>
    public void Next(string sentence)
    {
        members["next"] = sentence;
        output.Line();
        output.Line(sentence);
    }

    /// <summary>Prints the JSON object, where one is asked for. Once, at the end.</summary>
    public void Close()
    {
        if (json) Console.WriteLine(members.ToJsonString(s_indented));
    }
}
