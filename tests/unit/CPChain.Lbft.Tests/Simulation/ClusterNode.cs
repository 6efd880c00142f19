using CPChain.Lbft.Certificates;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Simulation;

/// <summary>
/// One honest validator with its disk: the machine inside, obeyed effect by effect, crashing between any two.
/// </summary>
internal sealed class ClusterNode(Cluster cluster, Seat seat)
{
    private readonly List<JournalRecord> _durable = [];
    private readonly List<JournalRecord> _unsynced = [];
    private readonly HashSet<Hash256> _stored = [];
    private readonly HashSet<Hash256> _held = [];
    private readonly Dictionary<TimerKind, int> _timers = [];
    private SignerRecord _signer = SignerRecord.Empty;
    private int _timerCount;

    public Seat Seat { get; } = seat;

    public LbftState State { get; private set; } =
        LbftState.Create(Scenario.Times, cluster.Scenario.Rules, new BlockNumber(0));

    public bool IsUp { get; private set; } = true;

    public List<Certificate> Ledger { get; } = [];

    public ulong Head => (ulong)Ledger.Count;

    public bool Holds(Hash256 hash) =>
        IsUp && (_held.Contains(hash) || _stored.Contains(hash) || Ledger.Exists(c => c.Hash == hash));

    public void EnterNext() => Handle(new LbftEvent.HeightEntered(cluster.FactsOf(this), cluster.WallMs));

    public void Handle(LbftEvent first)
    {
        Queue<LbftEvent> inbox = new([first]);
        while (IsUp && inbox.TryDequeue(out LbftEvent? input))
        {
            if (input is LbftEvent.ProposalReceived proposal) _held.Add(proposal.Hash);
            (LbftState next, var effects) = LbftMachine.Step(State, input);
            cluster.Trace(this, input, next, effects.Length);
            State = next;
            foreach (LbftEffect effect in effects)
            {
                if (cluster.CrashesNow())
                {
                    Crash();
                    return;
                }

                Perform(effect, inbox);
            }
        }
    }

    public void TimerRanOut(LbftEvent.TimerExpired timer, int number)
    {
        if (IsUp && _timers.GetValueOrDefault(timer.Kind) == number) Handle(timer with { WallMs = cluster.WallMs });
    }

    /// <summary>Everything that was not synchronised is gone.</summary>
    public void Crash()
    {
        IsUp = false;
        _unsynced.Clear();
        _held.Clear();
        _timers.Clear();
        if (Seat == cluster.Scenario.Amnesiac)
        {
            _durable.Clear();
            _signer = SignerRecord.Empty;
        }

        cluster.RestartLater(this);
    }

    public void Restart()
    {
        IsUp = true;
        State = LbftRecovery.Restore(
            Scenario.Times, cluster.Scenario.Rules, new BlockNumber(Head), _durable.Select(Reread));
        EnterNext();
        if (Seat == cluster.Scenario.Amnesiac) Handle(new LbftEvent.JournalLost(Fixture.Hash($"nonce{cluster.NowMs}")));
    }

    private void Perform(LbftEffect effect, Queue<LbftEvent> inbox)
    {
        switch (effect)
        {
            case LbftEffect.Journal e:
                _unsynced.Add(e.Record);
                break;
            case LbftEffect.StoreBody e:
                Assert.Contains(e.Hash, _held);
                _stored.Add(e.Hash);
                break;
            case LbftEffect.Sign e:
                _durable.AddRange(_unsynced);
                _unsynced.Clear();
                SigningFault fault = _signer.TryAuthorize(e.Statement, out SignerRecord record);
                if (cluster.IsCertified) Assert.Equal(SigningFault.None, fault);
                _signer = record;
                cluster.WasSigned(Seat, e.Statement);
                inbox.Enqueue(new LbftEvent.Signed(Fixture.Signed(Seat.Index, e.Statement)));
                break;
            case LbftEffect.Send e:
                foreach (Seat to in e.To) cluster.Post(Seat, to, Cluster.EventOf(Seat, e.Message));
                break;
            case LbftEffect.ForwardProposal e:
                foreach (Seat to in e.To) cluster.PostProposal(Seat, to, e.Hash);
                break;
            case LbftEffect.StartTimer e:
                _timers[e.Kind] = ++_timerCount;
                cluster.After(e.DelayMs, this, new LbftEvent.TimerExpired(e.Kind, e.Height, e.Round, 0), _timerCount);
                break;
            case LbftEffect.ExecuteBlock e:
                Assert.True(Holds(e.Hash));
                _held.Add(e.Hash);
                cluster.PostLocal(this, new LbftEvent.BlockExecuted(e.Height, e.Hash, cluster.IsValid(e.Hash)));
                break;
            case LbftEffect.RequestBody e:
                if (Holds(e.Hash)) inbox.Enqueue(new LbftEvent.BodyReceived(e.Height, e.Hash));
                else cluster.RequestBody(this, e);
                break;
            case LbftEffect.Finalize e:
                Ledger.Add(e.Certificate);
                cluster.Finalized(this, e.Certificate);
                break;
            case LbftEffect.Announce e:
                foreach (Seat to in SeatSet.All(cluster.Scenario.Committee).Without(Seat))
                    cluster.Post(Seat, to, new LbftEvent.CertificateReceived(e.Certificate, Seat, IsBodyHeld: true));
                break;
            case LbftEffect.ReplyCertificate e:
                cluster.ReplyCertificate(this, e.To, e.Height.Value);
                break;
            case LbftEffect.RequestCertificate e:
                cluster.RequestCertificate(this, e.From, e.Height.Value);
                break;
            case LbftEffect.SyncFrom e:
                cluster.RequestCertificate(this, e.From, Head + 1);
                break;
            case LbftEffect.RecordEvidence e:
                cluster.Accused(e.Misconduct);
                break;
            case LbftEffect.Alarm e:
                cluster.Violation($"{Seat} alarm {e.Reason}");
                break;
            case LbftEffect.QueryHeads e:
                cluster.QueryHeads(this, e.Nonce);
                break;
            case LbftEffect.KeepCertificate:
                break;
            default:
                throw new InvariantViolation($"No host for {effect}.");
        }
    }

    // Weakened rules make certificates that no format carries, and their signer looks away.
    private JournalRecord Reread(JournalRecord record)
    {
        if (!cluster.IsCertified) return record;

        Assert.True(JournalCodec.TryDecode(JournalCodec.Encode(record), out JournalRecord? again, out _));
        return again;
    }

    /// <summary>A body that came with VALIDATE or BODY is held from now on.</summary>
    public void Hold(Hash256 hash) => _held.Add(hash);
}
