using CPChain.Lbft.Certificates;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Cases;

/// <summary>One honest member of a <see cref="CaseNetwork"/>: the machine, its disk, its signer, its clock.</summary>
internal sealed class CaseMember(CaseNetwork network, int seat)
{
    private readonly List<JournalRecord> _durable = [];
    private readonly List<JournalRecord> _unsynced = [];
    private readonly HashSet<Hash256> _stored = [];
    private readonly HashSet<Hash256> _held = [];
    private readonly Dictionary<TimerKind, int> _timers = [];
    private readonly List<Statement> _signed = [];
    private SignerRecord _signer = SignerRecord.Empty;
    private LbftState? _state;
    private int _timerCount;

    public Seat Seat { get; } = new(seat);

    public LbftState State => _state ??= LbftState.Create(network.Times, network.Rules, new BlockNumber(0));

    public bool IsUp { get; private set; } = true;

    public List<Certificate> Ledger { get; } = [];

    public ulong Head => (ulong)Ledger.Count;

    /// <summary>Everything it ever signed, in order.</summary>
    public IReadOnlyList<Statement> Signed => _signed;

    /// <summary>Its votes at a height, in order.</summary>
    public IEnumerable<Statement> VotesAt(ulong height) => _signed.Where(s => s.Height.Value == height && s.Kind.IsVote());

    public int SignedRoundOf(ulong height, int round, Hash256 hash)
    {
        Statement vote = _signed.LastOrDefault(s =>
            s.Kind.IsVote() && s.Class == VoteClass.Prepare && s.Height.Value == height && s.Round == round && s.Hash == hash);
        return vote.Height.Value == height ? vote.ValidRound : Statement.NoRound;
    }

    public bool Holds(Hash256 hash) =>
        IsUp && (_held.Contains(hash) || _stored.Contains(hash) || Ledger.Exists(c => c.Hash == hash));

    public void EnterNext() => Handle(new LbftEvent.HeightEntered(network.FactsOf(this), network.WallMs(Seat.Index)));

    public void Receive(Mail mail)
    {
        if (!IsUp) return;

        switch (mail.What)
        {
            case LbftMessage.GetBody e:
                if (Holds(e.Hash)) network.Post(new Mail(Seat.Index, mail.From, new LbftEvent.BodyReceived(e.Height, e.Hash, Seat)));
                break;
            case LbftMessage.GetCert e:
                ReplyCertificate(mail.From, e.Height.Value);
                break;
            case LbftEvent.ProposalReceived e:
                _held.Add(e.Hash);
                Handle(e with { WallMs = network.WallMs(Seat.Index) });
                break;
            case LbftEvent.BodyReceived e:
                _held.Add(e.Hash);
                Handle(e);
                break;
            case LbftEvent.CertificateReceived { IsBodyHeld: true } e:
                _held.Add(e.Certificate.Hash);
                Handle(e);
                break;
            case LbftEvent e:
                Handle(e);
                break;
        }
    }

    public void Handle(LbftEvent first)
    {
        Queue<LbftEvent> inbox = new([first]);
        while (IsUp && inbox.TryDequeue(out LbftEvent? input))
        {
            (_state, var effects) = LbftMachine.Step(State, input);
            foreach (LbftEffect effect in effects)
            {
                Perform(effect, inbox);
                network.EffectDone();
                if (!IsUp) return;
            }
        }
    }

    /// <summary>The power goes: what was not synchronised is lost, and with it the journal if asked.</summary>
    public void Crash(bool losesJournal = false)
    {
        IsUp = false;
        _unsynced.Clear();
        _held.Clear();
        _timers.Clear();
        if (!losesJournal) return;

        _durable.Clear();
        _stored.Clear();
        _signer = SignerRecord.Empty;
    }

    public void Restart(bool asLost = false)
    {
        IsUp = true;
        _state = LbftRecovery.Restore(network.Times, network.Rules, new BlockNumber(Head), _durable.Select(Reread));
        EnterNext();
        if (asLost) Handle(new LbftEvent.JournalLost(Fixture.Hash($"nonce{network.NowMs}")));
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
                Sign(e.Statement, inbox);
                break;
            case LbftEffect.Send e:
                foreach (Seat to in e.To) network.Post(new Mail(Seat.Index, to.Index, EventOf(e.Message)));
                break;
            case LbftEffect.ForwardProposal e:
                foreach (Seat to in e.To) network.PostProposal(Seat.Index, to.Index, e.Hash);
                break;
            case LbftEffect.StartTimer e:
                StartTimer(e);
                break;
            case LbftEffect.ExecuteBlock e:
                Assert.True(Holds(e.Hash));
                _held.Add(e.Hash);
                Later(network.Execution(Seat.Index, e.Hash), new LbftEvent.BlockExecuted(e.Height, e.Hash, network.IsValid(e.Hash)));
                break;
            case LbftEffect.RequestBody e:
                if (Holds(e.Hash)) inbox.Enqueue(new LbftEvent.BodyReceived(e.Height, e.Hash));
                else foreach (Seat from in e.From) network.Post(new Mail(Seat.Index, from.Index, new LbftMessage.GetBody(e.Height, e.Hash)));
                break;
            case LbftEffect.Finalize e:
                Ledger.Add(e.Certificate);
                network.Finalized(this, e.Certificate);
                break;
            case LbftEffect.Announce e:
                foreach (Seat to in SeatSet.All(network.Committee).Without(Seat))
                    network.Post(new Mail(Seat.Index, to.Index, new LbftEvent.CertificateReceived(e.Certificate, Seat, IsBodyHeld: true)));
                break;
            case LbftEffect.ReplyCertificate e:
                ReplyCertificate(e.To.Index, e.Height.Value);
                break;
            case LbftEffect.RequestCertificate e:
                network.Post(new Mail(Seat.Index, e.From.Index, new LbftMessage.GetCert(e.Height)));
                break;
            case LbftEffect.SyncFrom e:
                network.Post(new Mail(Seat.Index, e.From.Index, new LbftMessage.GetCert(new BlockNumber(Head + 1))));
                break;
            case LbftEffect.QueryHeads e:
                foreach (CaseMember other in network.Honest)
                    if (other != this && other.IsUp) Later(10, new LbftEvent.HeadReceived(other.Seat, e.Nonce, new BlockNumber(other.Head)));
                break;
            case LbftEffect.RecordEvidence e:
                network.Accused(e.Misconduct);
                break;
            case LbftEffect.Alarm e:
                Assert.Fail($"{Seat} alarm {e.Reason}: {e.First} {e.Second}");
                break;
            case LbftEffect.KeepCertificate:
                break;
            default:
                throw new InvariantViolation($"No host for {effect}.");
        }
    }

    // L17.1: what was asked to be durable before is durable now; then the signer's own record.
    private void Sign(Statement statement, Queue<LbftEvent> inbox)
    {
        _durable.AddRange(_unsynced);
        _unsynced.Clear();
        Assert.Equal(SigningFault.None, _signer.TryAuthorize(statement, out SignerRecord record));
        _signer = record;
        _signed.Add(statement);
        inbox.Enqueue(new LbftEvent.Signed(Fixture.Signed(Seat.Index, statement)));
    }

    private void StartTimer(LbftEffect.StartTimer e)
    {
        int number = _timers[e.Kind] = ++_timerCount;
        long early = e.Kind == TimerKind.Round ? network.RoundTimerEarlyBy(Seat.Index) : 0;
        network.At(Math.Max(0, e.DelayMs - early), () =>
        {
            if (IsUp && _timers.GetValueOrDefault(e.Kind) == number)
                Handle(new LbftEvent.TimerExpired(e.Kind, e.Height, e.Round, network.WallMs(Seat.Index)));
        });
    }

    private void Later(long delayMs, LbftEvent input) => network.At(delayMs, () =>
    {
        if (IsUp) Handle(input);
    });

    private void ReplyCertificate(int to, ulong height)
    {
        Certificate? certificate = height == 0 ? null : height <= Head ? Ledger[(int)height - 1] : State.Decision;
        if (certificate is not null && certificate.Height.Value == height)
            network.Post(new Mail(Seat.Index, to, new LbftEvent.CertificateReceived(certificate, Seat)));
    }

    private LbftEvent.FromPeer EventOf(LbftMessage message) => message switch
    {
        LbftMessage.Said e => CaseNetwork.EventOf(Seat, e.Signed, e.Attached),
        LbftMessage.Cert e => new LbftEvent.CertificateReceived(e.Certificate, Seat),
        _ => throw new InvariantViolation($"No event for {message}."),
    };

    private static JournalRecord Reread(JournalRecord record)
    {
        Assert.True(JournalCodec.TryDecode(JournalCodec.Encode(record), out JournalRecord? again, out _));
        return again;
    }
}
