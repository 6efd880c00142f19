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

    private static readonly (string Row, string[] Commands)[] Rows =
    [
        ("PROPOSAL valid, timely", ["proposal c", "executed c valid"]),
        ("PROPOSAL sealed, illicit", ["proposal c", "executed c invalid"]),
        ("PREPARE single", ["v3 prepare b"]),
        ("COMMIT single", ["v3 commit b"]),
        ("PREPAREs of f+1 after blockDelay", ["timer BlockDelay", "proposal c", "executed c valid", "v2 prepare c", "v3 prepare c"]),
        ("P-cert(0,b)", ["proposal b", "executed b valid", "cert P(0,b)"]),
        ("P-cert(r,x) of the own round", ["cert P({r},I)"]),
        ("P-cert(q > r)", ["cert P(2,I)"]),
        ("own timer", ["timer Round"]),
        ("a >= 2, a > wish", ["v2 wish 3", "v3 wish 3"]),
        ("e > r", ["v1 wish 2", "v2 wish 2", "v3 wish 2"]),
        ("PROPOSE(r) accepted", ["v1 wish 2", "v2 wish 2", "v3 wish 2", "v0 propose 2 I", "v1 wish 3", "v2 wish 3", "v3 wish 3", "v1 propose 3 I"]),
        ("PROPOSE(r+1) kept", ["v0 propose 2 I"]),
        ("C-cert(0,b), b executed", ["proposal b", "executed b valid", "cert C(0,b)"]),
        ("C-cert(5,I)", ["cert C(5,I)"]),
        ("VALIDATE(0,b)", ["validate C(0,b)", "executed b valid"]),
        ("message of h-1", ["v2 wish 1 height 9"]),
        ("message of h+1", ["v2 wish 1 height 11"]),
    ];

    public static TheoryData<string, string> Cells
    {
        get
        {
            TheoryData<string, string> cells = [];
            foreach (var (row, _) in Rows)
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
    public void L25_table_is_complete()
    {
        string table = string.Join('\n', Rows.SelectMany(_ => Phases, (r, p) => Play(r.Row, p.Phase))) + "\n";
        Fixtures.WriteIfAsked("L25.table", table);
        Assert.Equal(Rows.Length * Phases.Length, Fixtures.Read("L25.table").TrimEnd().Split('\n').Length);
    }

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
