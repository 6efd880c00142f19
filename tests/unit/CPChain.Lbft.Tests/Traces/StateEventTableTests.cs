namespace CPChain.Lbft.Tests.Traces;

/// <summary>
/// Table L25: every event in every of the five states. fixtures/lbft/L25.table holds a line for each cell.
/// </summary>
public sealed class StateEventTableTests
{
    private static readonly (string Phase, string[] Setup)[] Phases =
    [
        ("Idle", ["enter"]),
        ("Prepare", ["enter", "proposal b", "executed b valid"]),
        ("Commit", ["enter", "proposal b", "executed b valid", "cert P(0,b)"]),
        ("ImpeachPrepare", ["enter", "v1 wish 1", "v2 wish 1", "v3 wish 1"]),
        ("ImpeachCommit", ["enter", "v1 wish 1", "v2 wish 1", "v3 wish 1", "cert P(1,I)"]),
    ];

    // The row of the specification's table, and what is played for it.
    private static readonly (string Specified, string Row, string[] Commands)[] Rows =
    [
        ("PROPOSAL valid, timely", "PROPOSAL valid, timely", ["proposal c", "executed c valid"]),
        ("PROPOSAL sealed, illicit", "PROPOSAL sealed, illicit", ["proposal c", "executed c invalid"]),
        ("PREPARE, COMMIT single", "PREPARE single", ["v3 prepare b"]),
        ("PREPARE, COMMIT single", "COMMIT single", ["v3 commit b"]),
        ("PREPARE, COMMIT single", "PREPAREs of f+1 after blockDelay",
            ["timer BlockDelay", "proposal c", "executed c valid", "v2 prepare c", "v3 prepare c"]),
        ("P-cert(0,b)", "P-cert(0,b)", ["proposal b", "executed b valid", "cert P(0,b)"]),
        ("P-cert(r,x), own r >= 1", "P-cert(r,x) of the own round", ["cert P({r},I)"]),
        ("P-cert(q > r)", "P-cert(q > r)", ["cert P(2,I) by v1 v2 v3"]),
        ("own timer", "own timer", ["timer Round"]),
        ("a >= 2, a > wish", "a >= 2, a > wish", ["v2 wish 3", "v3 wish 3"]),
        ("e > r", "e > r", ["v1 wish 2", "v2 wish 2", "v3 wish 2"]),
        ("PROPOSE(r) accepted", "PROPOSE(r) accepted",
            ["v1 wish 2", "v2 wish 2", "v3 wish 2", "v0 propose 2 I", "v1 wish 3", "v2 wish 3", "v3 wish 3", "v1 propose 3 I"]),
        ("PROPOSE(r) accepted", "PROPOSE(r+1) kept", ["v0 propose 2 I"]),
        ("PROPOSE(r) accepted", "PROPOSE(r) after the own C-class vote", ["cert P(3,I) by v1 v2 v3", "v1 propose 3 I"]),
        ("C-cert of any round, VALIDATE", "C-cert(0,b), b executed", ["proposal b", "executed b valid", "cert C(0,b) by v1 v2 v3"]),
        ("C-cert of any round, VALIDATE", "C-cert(5,I)", ["cert C(5,I)"]),
        ("C-cert of any round, VALIDATE", "VALIDATE(0,b)", ["validate C(0,b) by v1 v2 v3", "executed b valid"]),
        ("message of h-1 / h+1", "message of h-1", ["v2 wish 1 height 9"]),
        ("message of h-1 / h+1", "message of h+1", ["v2 wish 1 height 11"]),
        ("message of h-1 / h+1", "certificate of h+1", ["cert C(0,c) height 11 from v2"]),
    ];

    public static TheoryData<string, string> Cells
    {
        get
        {
            TheoryData<string, string> cells = [];
            foreach (var (_, row, _) in Rows)
                foreach (var (phase, _) in Phases)
                    cells.Add(row, phase);
            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void L25_cell(string row, string phase)
    {
        string expected = Fixtures.Read("L25.table").Split('\n')
            .Single(line => line.StartsWith($"{row} / {phase}: ", StringComparison.Ordinal));
        Assert.Equal(expected, Play(row, phase));
    }

    [Fact]
    public void L25_every_cell_is_in_the_fixture_once_and_nothing_else_is()
    {
        string table = string.Join('\n', Rows.SelectMany(_ => Phases, (r, p) => Play(r.Row, p.Phase))) + "\n";
        Fixtures.WriteIfAsked("L25.table", table);
        Assert.Equal(
            Rows.SelectMany(_ => Phases, (r, p) => $"{r.Row} / {p.Phase}"),
            Fixtures.Read("L25.table").TrimEnd().Split('\n').Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)]));
    }

    [Fact]
    public void L25_every_row_and_state_of_the_specification_is_played()
    {
        string[][] table = [.. SpecifiedTable()];
        Assert.Equal(
            ["event", .. Phases.Select(phase => phase.Phase.ToUpperInvariant())],
            table[0].Select((cell, column) => column == 0 ? cell : cell.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant()));
        Assert.Equal(
            table.Skip(1).Select(row => row[0]).Order(StringComparer.Ordinal),
            Rows.Select(row => row.Specified).Distinct().Order(StringComparer.Ordinal));
        Assert.All(table, row => Assert.Equal(Phases.Length + 1, row.Length));
    }

    // The table under "L25" in specs/lbft/lbft.md: its head first, without the line of dashes.
    private static IEnumerable<string[]> SpecifiedTable() =>
        File.ReadAllLines(Path.Combine(Fixtures.Folder, "..", "..", "specs", "lbft", "lbft.md"))
            .SkipWhile(line => !line.StartsWith("## L25", StringComparison.Ordinal))
            .SkipWhile(line => !line.StartsWith('|'))
            .TakeWhile(line => line.StartsWith('|'))
            .Where(line => !line.StartsWith("|-", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    private static string Play(string row, string phase)
    {
        Script script = new();
        script.Do(Phases.Single(p => p.Phase == phase).Setup);
        Assert.Equal(phase, script.State.Phase.ToString());
        List<string> outcomes = [];
        foreach (string command in Rows.Single(r => r.Row == row).Commands)
            outcomes.Add(script.Do(command.Replace("{r}", $"{script.State.Round}", StringComparison.Ordinal)));
        return $"{row} / {phase}: {string.Join(" => ", outcomes)}";
    }
}
