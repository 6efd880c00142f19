namespace CPChain.Lbft.Tests.Traces;

/// <summary>Every fixtures/lbft/*.trace plays as it is written: commands at the margin, outcomes indented.</summary>
public sealed class TraceFileTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Fixtures.Folder, "*.trace").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Trace_plays_as_written(string file)
    {
        string expected = Fixtures.Read(file);
        string actual = Script.Run(expected);
        Fixtures.WriteIfAsked(file, actual);
        Assert.Equal(expected, actual);
    }
}
