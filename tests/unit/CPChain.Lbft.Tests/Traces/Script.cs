using System.Text;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Traces;

/// <summary>Plays one validator from lines that a reviewer can read and prints what it does, a line for each.</summary>
/// <remarks>
/// Values are I (the impeach block) or any name; seats are v0..; P(0,b) and C(1,I) are certificates of the first Q seats.
/// The signer answers at once, so what a vote's signature lets happen is printed with the vote.
/// </remarks>
public sealed class Script
{
    public const ulong ParentTimeMs = 1_000_000_000;

    private readonly List<JournalRecord> _journal = [];
    private readonly List<string> _said = [];
    private LbftRules _rules = LbftRules.Certified;
    private CommitteeSize _committee = CommitteeSize.Of(4);
    private Seat? _self = new Seat(0);
    private ulong _wallMs = ParentTimeMs + 1000;

    public Script() => State = LbftState.Create(Fixture.Times, _rules, new BlockNumber(9));

    public LbftState State { get; private set; }

    public IReadOnlyList<JournalRecord> Journal => _journal;

    /// <summary>
    /// The transcript: every line that is a comment, empty or a command, each command with its outcome under it.
    /// </summary>
    public static string Run(string lines)
    {
        Script script = new();
        StringBuilder transcript = new();
        foreach (string line in lines.ReplaceLineEndings("\n").Split('\n'))
        {
            string trimmed = line.TrimEnd();
            if (trimmed.StartsWith("  ", StringComparison.Ordinal)) continue;
            transcript.Append(trimmed).Append('\n');
            if (trimmed.Length > 0 && trimmed[0] != '#') transcript.Append("  ").Append(script.Do(trimmed)).Append('\n');
        }

        return transcript.ToString().TrimEnd() + "\n";
    }

    /// <summary>Does one command and returns its outcome: phase, round, wish and effects.</summary>
    public string Do(string command)
    {
        _said.Clear();
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!Configure(words)) Play(Parse(words));
        string effects = _said.Count == 0 ? "-" : string.Join("; ", _said);
        return $"{State.Phase} r{State.Round} w{State.Wish} | {effects}";
    }

    /// <summary>Does several commands and returns the last outcome.</summary>
    public string Do(params ReadOnlySpan<string> commands)
    {
        string outcome = "";
        foreach (string command in commands) outcome = Do(command);
        return outcome;
    }

    private bool Configure(string[] words)
    {
        switch (words[0])
        {
            case "committee":
                _committee = CommitteeSize.Of(int.Parse(words[1], null));
                return true;
            case "self":
                _self = words[1] == "none" ? null : SeatOf(words[1]);
                return true;
            case "clock":
                _wallMs = (ulong)((long)ParentTimeMs + long.Parse(words[1], null));
                return true;
            case "weaken":
                _rules = new LbftRules();
                typeof(LbftRules).GetProperty(words[1])!.SetValue(_rules, true);
                State = State with { Rules = _rules };
                return true;
            case "restart":
                State = LbftRecovery.Restore(Fixture.Times, _rules, State.Height.Previous, [.. _journal.Select(Reread)]);
                return true;
            default:
                return false;
        }
    }

    private void Play(LbftEvent input)
    {
        Queue<LbftEvent> inbox = new([input]);
        while (inbox.TryDequeue(out LbftEvent? next))
        {
            (State, var effects) = LbftMachine.Step(State, next);
            foreach (LbftEffect effect in effects)
            {
                if (effect is LbftEffect.Journal { Record: var record }) _journal.Add(record);
                if (effect is LbftEffect.Sign { Statement: var statement })
                    inbox.Enqueue(new LbftEvent.Signed(Fixture.Signed(_self!.Value.Index, statement)));
                if (Describe(effect) is { } text) _said.Add(text);
            }
        }
    }

    private LbftEvent Parse(string[] words) => words switch
    {
        ["enter", ..] => new LbftEvent.HeightEntered(
            new HeightFacts(
                new BlockNumber(words.Length > 1 ? ulong.Parse(words[1], null) : 10), Value("parent"), ParentTimeMs,
                _committee, _self, Value("I"), IsFollowing: words[^1] == "following"),
            _wallMs),
        ["proposal", var name, .. var rest] => new LbftEvent.ProposalReceived(
            HeightIn(rest), From(rest), Value(name), (ulong)((long)ParentTimeMs + Number(rest, "time", 1000)),
            Fixture.SignatureOf(90 + name[0] - 'a'), _wallMs),
        ["executed", var name, var outcome] => new LbftEvent.BlockExecuted(State.Height, Value(name), outcome == "valid"),
        ["body", var name] => new LbftEvent.BodyReceived(State.Height, Value(name)),
        ["cert", var certificate, .. var rest] => new LbftEvent.CertificateReceived(CertificateOf(certificate, rest), From(rest)),
        ["validate", var certificate, .. var rest] =>
            new LbftEvent.CertificateReceived(CertificateOf(certificate, rest), From(rest), IsBodyHeld: true),
        ["timer", var kind, .. var rest] => new LbftEvent.TimerExpired(
            Enum.Parse<TimerKind>(kind, true), HeightIn(rest), (int)Number(rest, "round", State.Round), _wallMs),
        ["lost"] => new LbftEvent.JournalLost(Value("nonce")),
        ["head", var seat, var height] => new LbftEvent.HeadReceived(
            SeatOf(seat), Value("nonce"), new BlockNumber(ulong.Parse(height, null))),
        ["fork", var first, var second] => new LbftEvent.ForkSeen(CertificateOf(first, []), CertificateOf(second, [])),
        [var seat, var verb, .. var rest] when seat[0] == 'v' => Speech(SeatOf(seat), verb, rest),
        _ => throw new FormatException($"No such command: {string.Join(' ', words)}"),
    };

    private LbftEvent Speech(Seat seat, string verb, string[] rest)
    {
        BlockNumber height = HeightIn(rest);
        int with = Array.IndexOf(rest, "with");
        Certificate? attached = with < 0 ? null : CertificateOf(rest[with + 1], rest);
        int validRound = (int)Number(rest, "vr", attached?.Round ?? Statement.NoRound);
        SignedStatement Say(Statement statement) => Fixture.Signed(seat.Index, statement);
        return verb switch
        {
            "prepare" => new LbftEvent.VoteReceived(seat, Say(Statement.Vote(VoteClass.Prepare, height, 0, Value(rest[0]))), attached),
            "commit" => new LbftEvent.VoteReceived(seat, Say(Statement.Vote(VoteClass.Commit, height, 0, Value(rest[0]))), attached),
            "impeach-prepare" => new LbftEvent.VoteReceived(
                seat, Say(Statement.Vote(VoteClass.Prepare, height, int.Parse(rest[0], null), Value(rest[1]), validRound)), attached),
            "impeach-commit" => new LbftEvent.VoteReceived(
                seat, Say(Statement.Vote(VoteClass.Commit, height, int.Parse(rest[0], null), Value(rest[1]))), attached),
            "wish" => new LbftEvent.WishReceived(
                seat, Say(new Statement(StatementKind.Wish, height, int.Parse(rest[0], null), Hash256.Zero)), attached),
            "status" => new LbftEvent.StatusReceived(
                seat, Say(new Statement(
                    StatementKind.Status, height, int.Parse(rest[0], null), attached?.Hash ?? Hash256.Zero, validRound)), attached),
            "propose" => new LbftEvent.ProposeReceived(
                seat, Say(new Statement(StatementKind.Propose, height, int.Parse(rest[0], null), Value(rest[1]), validRound)), attached),
            _ => throw new FormatException($"No such verb: {verb}"),
        };
    }

    // P(0,b) or C(1,I), by the first Q seats or those after "by".
    private Certificate CertificateOf(string text, string[] rest)
    {
        string[] parts = text[2..^1].Split(',');
        VoteClass voteClass = text[0] == 'P' ? VoteClass.Prepare : VoteClass.Commit;
        SeatSet signers = SeatSet.Empty;
        int by = Array.IndexOf(rest, "by");
        for (int place = 0; place < _committee.StrongQuorum; place++)
            signers = signers.With(by < 0 ? new Seat(place) : SeatOf(rest[by + 1 + place]));
        return Fixture.Certificate(_committee, voteClass, HeightIn(rest), int.Parse(parts[0], null), Value(parts[1]), signers);
    }

    private static string? Describe(LbftEffect effect) => effect switch
    {
        LbftEffect.Journal { Record: JournalRecord.StatementSigned or JournalRecord.HeightOpened } => null,
        LbftEffect.Journal { Record: JournalRecord.VoteIntended e } => $"journal {Name(e.Vote)}",
        LbftEffect.Journal { Record: JournalRecord.ProposeIntended e } => $"journal {Name(e.Propose)}",
        LbftEffect.Journal { Record: JournalRecord.RoundEntered e } => $"journal round {e.Round} ec {Name(e.Entry)}",
        LbftEffect.Journal { Record: JournalRecord.HighCertificate e } => $"journal hc {Name(e.Certificate)}",
        LbftEffect.Journal { Record: JournalRecord.MutedThrough e } => $"journal mute {e.Height}",
        LbftEffect.Journal { Record: JournalRecord.Halted } => "journal halt",
        LbftEffect.StoreBody e => $"store {Name(e.Hash)}",
        LbftEffect.Sign e => $"sign {Name(e.Statement)}",
        LbftEffect.Send { Message: LbftMessage.Said said } e =>
            $"send {Name(said.Signed.Statement)}{(said.Attached is null ? "" : " with " + Name(said.Attached))} to {e.To}",
        LbftEffect.Send { Message: LbftMessage.Cert said } e => $"send {Name(said.Certificate)} to {e.To}",
        LbftEffect.ForwardProposal e => $"forward {Name(e.Hash)} to {e.To}",
        LbftEffect.StartTimer e => $"timer {e.Kind} {e.DelayMs}",
        LbftEffect.ExecuteBlock e => $"execute {Name(e.Hash)}",
        LbftEffect.RequestBody e => $"get-body {Name(e.Hash)}",
        LbftEffect.KeepCertificate e => $"keep {Name(e.Certificate)}",
        LbftEffect.Finalize e => $"finalize {Name(e.Certificate)}",
        LbftEffect.Announce => "announce",
        LbftEffect.ReplyCertificate e => $"cert {e.Height} to {e.To}",
        LbftEffect.RequestCertificate e => $"get-cert {e.Height} from {e.From}",
        LbftEffect.SyncFrom e => $"sync from {e.From}",
        LbftEffect.QueryHeads => "head-query",
        LbftEffect.RecordEvidence e => $"evidence {e.Misconduct.Kind}",
        LbftEffect.Alarm e => $"alarm {e.Reason}",
        _ => effect.ToString(),
    };

    private static string Name(Statement s) => s.Kind switch
    {
        StatementKind.Prepare or StatementKind.Commit => $"{s.Kind} {Name(s.Hash)}",
        StatementKind.ImpeachCommit => $"{s.Kind} {s.Round} {Name(s.Hash)}",
        StatementKind.Wish => $"Wish {s.Round}",
        _ => $"{s.Kind} {s.Round} {Name(s.Hash)} vr {s.ValidRound}",
    };

    private static string Name(Certificate? c) =>
        c is null ? "none" : $"{(c.Class == VoteClass.Prepare ? 'P' : 'C')}({c.Round},{Name(c.Hash)})";

    private static string Name(Hash256 hash)
    {
        string name = Encoding.ASCII.GetString(hash.ToArray()).TrimEnd('\0');
        return name.Length == 0 ? "none" : name;
    }

    private static Hash256 Value(string name) => name == "none" ? Hash256.Zero : Fixture.Hash(name);

    private static Seat SeatOf(string text) => new(int.Parse(text.AsSpan(1), null));

    private BlockNumber HeightIn(string[] rest) => new((ulong)Number(rest, "height", (long)State.Height.Value));

    private static Seat? From(string[] rest)
    {
        int index = Array.IndexOf(rest, "from");
        return index < 0 ? null : SeatOf(rest[index + 1]);
    }

    private static long Number(string[] rest, string name, long otherwise)
    {
        int index = Array.IndexOf(rest, name);
        return index < 0 ? otherwise : long.Parse(rest[index + 1], null);
    }

    private static JournalRecord Reread(JournalRecord record)
    {
        Assert.True(JournalCodec.TryDecode(JournalCodec.Encode(record), out JournalRecord? again, out _));
        return again;
    }
}
