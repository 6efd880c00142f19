using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Simulation.Rules;

/// <summary>
/// One validator with its disk: the production machine inside, obeyed effect by effect, crashing between any two.
/// </summary>
public sealed class RulesNode
{
    private const int HistoryKept = 128;

    private readonly RulesWorld _world;
    private readonly NodeClock _clock;
    private readonly Queue<LbftEvent> _inbox = new();
    private readonly int[] _timers = new int[Enum.GetValues<TimerKind>().Length];
    private readonly List<JournalRecord> _unsynced = [];
    private readonly HashSet<Hash256> _held = [];
    private Disk _disk = new([], [], SignerRecord.Empty);
    private Disk? _backup;
    private int _timerCount;
    private bool _losesDisk;

    internal RulesNode(RulesWorld world, int index, Seat seat, bool isHonest)
    {
        _world = world;
        Index = index;
        Seat = seat;
        IsHonest = isHonest;
        _clock = seat.Index < world.Scenario.Clocks.Count ? world.Scenario.Clocks[seat.Index] : NodeClock.True;
        State = LbftState.Create(world.Scenario.Times, world.Scenario.Rules, BlockNumber.Genesis);
    }

    /// <summary>Place among all nodes; several of them may share a seat.</summary>
    public int Index { get; }

    public Seat Seat { get; }

    public bool IsHonest { get; }

    public LbftState State { get; private set; }

    public bool IsUp { get; private set; } = true;

    /// <summary>Certificates of the final blocks; survives everything, as a chain can be fetched again.</summary>
    public List<Certificate> Ledger { get; } = [];

    public ulong Head => (ulong)Ledger.Count;

    public ulong WallMs => _clock.WallMs(_world.NowMs);

    /// <summary>Whether a crash takes the journal and the signer's record along.</summary>
    public bool IsAmnesiac { get; init; }

    public bool Holds(in Hash256 hash)
    {
        if (!IsUp) return false;
        if (_held.Contains(hash) || _disk.Bodies.Contains(hash)) return true;
        for (int index = Ledger.Count - 1; index >= 0 && index >= Ledger.Count - 3; index--)
            if (Ledger[index].Hash == hash) return true;
        return false;
    }

    /// <summary>A body that came with a proposal, VALIDATE or BODY.</summary>
    public void Hold(in Hash256 hash) => _held.Add(hash);

    public void EnterNext()
    {
        if (_world.IsBackedUpNow(this)) _backup = _disk.Copy();
        Handle(new LbftEvent.HeightEntered(_world.FactsOf(this), WallMs));
    }

    public void Handle(LbftEvent first)
    {
        _inbox.Clear();
        _inbox.Enqueue(first);
        while (IsUp && _inbox.TryDequeue(out LbftEvent? input))
        {
            LbftState before = State;
            Transition transition = LbftMachine.Step(before, input);
            State = transition.State;
            _world.Stepped(this, input, before, transition.Effects.Length);
            foreach (LbftEffect effect in transition.Effects)
            {
                if (_world.CrashesNow(this))
                {
                    Crash();
                    _world.RestartLater(this);
                    return;
                }

                Perform(effect);
            }
        }
    }

    internal void TimerRanOut(LbftEvent.TimerExpired timer, int number)
    {
        if (!IsUp || _timers[(int)timer.Kind] != number) return;

        _world.TimerRanOut(this, timer);
        Handle(timer with { WallMs = WallMs });
    }

    /// <summary>Everything that was not synchronised is gone, and more where a backup is restored (F12).</summary>
    internal void Crash()
    {
        IsUp = false;
        _unsynced.Clear();
        _held.Clear();
        Array.Clear(_timers);
        _losesDisk = IsAmnesiac || _backup is not null;
        if (IsAmnesiac) _disk = new([], [], SignerRecord.Empty);
        else if (_losesDisk) _disk = _backup!.Copy();
    }

    /// <summary>Loses journal, bodies and signer's record and does not even know it.</summary>
    internal void Forget() => _disk = new([], [], SignerRecord.Empty);

    internal void Restart()
    {
        if (IsUp) return;

        IsUp = true;
        State = LbftRecovery.Restore(
            _world.Scenario.Times, _world.Scenario.Rules, new BlockNumber(Head), _disk.Journal.Select(_world.Reread));

        // L18: journal and signer's record are lost or old, so nobody knows here what was said.
        if (_losesDisk) Handle(new LbftEvent.JournalLost(_world.Nonce()));
        _losesDisk = false;
        if (_world.MayEnter(this)) EnterNext();
        else _world.EnterWhenReady(this);
    }

    private void Perform(LbftEffect effect)
    {
        switch (effect)
        {
            case LbftEffect.Send e:
                _world.Send(this, e);
                break;
            case LbftEffect.StartTimer e:
                StartTimer(e);
                break;
            case LbftEffect.Journal e:
                _unsynced.Add(e.Record);
                break;
            case LbftEffect.Sign e:
                Sign(e.Statement);
                break;
            case LbftEffect.StoreBody e:
                Invariant.Check(_held.Contains(e.Hash), "A body is stored that is not held.");
                _disk.Bodies.Add(e.Hash);
                break;
            case LbftEffect.ForwardProposal e:
                foreach (Seat to in e.To) _world.SendProposal(this, Seat, to, e.Hash);
                break;
            case LbftEffect.ExecuteBlock e:
                Invariant.Check(Holds(e.Hash), "A block is executed that is not held.");
                _held.Add(e.Hash);
                _world.ExecuteLater(this, e.Height, e.Hash);
                break;
            case LbftEffect.RequestBody e:
                if (Holds(e.Hash)) _inbox.Enqueue(new LbftEvent.BodyReceived(e.Height, e.Hash));
                else _world.RequestBody(this, e);
                break;
            case LbftEffect.Finalize e:
                Finalize(e.Certificate);
                break;
            case LbftEffect.Announce e:
                _world.Announce(this, e.Certificate);
                break;
            case LbftEffect.ReplyCertificate e:
                _world.Reply(this, e.To, e.Height.Value);
                break;
            case LbftEffect.RequestCertificate e:
                _world.RequestCertificate(this, e.From, e.Height.Value);
                break;
            case LbftEffect.SyncFrom e:
                _world.RequestCertificate(this, e.From, Head + 1);
                break;
            case LbftEffect.RecordEvidence e:
                _world.Checks.Accused(this, e.Misconduct);
                break;
            case LbftEffect.Alarm e:
                if (IsHonest) _world.Checks.Violated($"v{Seat.Index} alarm {e.Reason}");
                break;
            case LbftEffect.QueryHeads e:
                _world.QueryHeads(this, e.Nonce);
                break;
            case LbftEffect.KeepCertificate:
                break;
            default:
                throw new InvariantViolation($"No host for {effect}.");
        }
    }

    private void StartTimer(LbftEffect.StartTimer timer)
    {
        int number = ++_timerCount;
        _timers[(int)timer.Kind] = number;
        long delayMs = _clock.TrueMs(timer.DelayMs, timer.Kind == TimerKind.Round);
        _world.StartTimer(this, new LbftEvent.TimerExpired(timer.Kind, timer.Height, timer.Round, 0), delayMs, number);
    }

    // Journal and signer's record are durable before the signature exists (L17.1).
    private void Sign(in Statement statement)
    {
        _disk.Journal.AddRange(_unsynced);
        _unsynced.Clear();
        SigningFault fault = _disk.Signer.TryAuthorize(statement, out SignerRecord next);
        if (fault != SigningFault.None && _world.IsCertified && IsHonest)
            _world.Checks.Violated($"the signer of v{Seat.Index} refuses {statement}: {fault}");
        _disk = _disk with { Signer = next };
        _world.Checks.Signed(this, statement);
        _inbox.Enqueue(new LbftEvent.Signed(RulesWorld.Sign(Seat.Index, statement)));
    }

    private void Finalize(Certificate certificate)
    {
        Ledger.Add(certificate);
        if (_disk.Journal.Count > HistoryKept) _disk.Journal.RemoveAll(IsHistory);
        if (_disk.Bodies.Count > HistoryKept) _disk.Bodies.Clear();
        if (_held.Count > HistoryKept) _held.Clear();
        _world.Finalized(this, certificate);
    }

    // Records of heights that are final; a mute and a halt outlive them (L17.2, L18, L20).
    private static bool IsHistory(JournalRecord record) =>
        record is not (JournalRecord.MutedThrough or JournalRecord.Halted);

    /// <summary>What survives a crash.</summary>
    private sealed record Disk(List<JournalRecord> Journal, HashSet<Hash256> Bodies, SignerRecord Signer)
    {
        public Disk Copy() => new([.. Journal], [.. Bodies], Signer);
    }
}
