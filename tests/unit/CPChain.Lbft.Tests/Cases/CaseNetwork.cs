using CPChain.Lbft.Certificates;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Cases;

/// <summary>Something on its way: an event for the receiver's machine, or a GET-BODY or GET-CERT for its host.</summary>
/// <param name="From">Seat of the sender; <see cref="CaseNetwork.TheProposer"/> for the proposer.</param>
/// <param name="To">Seat of the receiver.</param>
/// <param name="What">LbftEvent.FromPeer or LbftMessage.</param>
internal sealed record Mail(int From, int To, object What)
{
    /// <summary>What was signed, if anything.</summary>
    public Statement? Said => What switch
    {
        LbftEvent.VoteReceived e => e.Vote.Statement,
        LbftEvent.WishReceived e => e.Wish.Statement,
        LbftEvent.StatusReceived e => e.Status.Statement,
        LbftEvent.ProposeReceived e => e.Propose.Statement,
        _ => null,
    };

    public StatementKind? Kind => Said?.Kind;

    public bool IsProposal => What is LbftEvent.ProposalReceived;

    /// <summary>VALIDATE or CERT of a decision.</summary>
    public bool IsDecision => What is LbftEvent.CertificateReceived { Certificate.Class: VoteClass.Commit };

    public bool IsBody => What is LbftEvent.BodyReceived or LbftMessage.GetBody;

    public bool Touches(int seat) => From == seat || To == seat;
}

/// <summary>One block that a proposer shows.</summary>
/// <param name="Name">One letter or more; the block of height 3 is then "b3".</param>
/// <param name="AfterMs">When, from the opening of the slot.</param>
/// <param name="IsValid">What executing it gives.</param>
/// <param name="To">To whom; everybody by default.</param>
/// <param name="TimeOffsetMs">Added to the time that L7.3 asks for.</param>
/// <param name="IsRepeated">Shown again every rho until everybody has the height, as L8.1 asks for.</param>
internal sealed record Showing(
    string Name, long AfterMs = 0, bool IsValid = true, int[]? To = null, long TimeOffsetMs = 0, bool IsRepeated = true);

/// <summary>
/// The production machine of every honest member in virtual time, under a network, proposers and clocks that a case writes out.
/// </summary>
/// <remarks>
/// Asserts at every step what no case may break: one value per height, valid blocks only, no refusal by an honest signer,
/// no honest member convicted, no alarm.
/// </remarks>
internal sealed class CaseNetwork
{
    public const int TheProposer = -1;
    public const ulong EpochMs = 1_000_000_000;

    private const long TransitMs = 10;
    private const int ShowingsMax = 400;

    private readonly PriorityQueue<Action, (long DueMs, long Order)> _agenda = new();
    private readonly Dictionary<Hash256, CaseBlock> _blocks = [];
    private readonly SortedDictionary<ulong, Hash256> _final = [];
    private readonly HashSet<ulong> _proposed = [];
    private readonly CaseMember?[] _members;
    private long _order;
    private int _effectsLeft;
    private Action? _afterEffects;

    public CaseNetwork(int validators, params int[] byzantine)
    {
        Committee = CommitteeSize.Of(validators);
        _members = new CaseMember?[validators];
        for (int seat = 0; seat < validators; seat++)
            _members[seat] = byzantine.Contains(seat) ? null : new CaseMember(this, seat);
        _blocks[Genesis] = new CaseBlock(0, EpochMs, IsValid: true, IsImpeach: false);
        _final[0] = Genesis;
    }

    public static Hash256 Genesis { get; } = Fixture.Hash("genesis");

    public CommitteeSize Committee { get; }

    public LbftParameters Times { get; init; } = Fixture.Times;

    public LbftRules Rules { get; init; } = LbftRules.Certified;

    /// <summary>Milliseconds until a mail arrives, or null when it is lost.</summary>
    public Func<Mail, long?> Link { get; set; } = _ => TransitMs;

    /// <summary>What the proposer of a height shows; nothing: it is silent.</summary>
    public Func<ulong, IEnumerable<Showing>> Proposer { get; set; } = _ => [new Showing("b")];

    /// <summary>How long a member executes a block.</summary>
    public Func<int, Hash256, long> Execution { get; set; } = (_, _) => 5;

    /// <summary>How much earlier than asked for a member's T0 and T_r fire: a clock that runs ahead.</summary>
    public Func<int, long> RoundTimerEarlyBy { get; set; } = _ => 0;

    /// <summary>A member's wall clock minus the true time.</summary>
    public Func<int, long> WallOffset { get; set; } = _ => 0;

    public long NowMs { get; private set; }

    public List<Misconduct> Evidence { get; } = [];

    /// <summary>GET-BODY sent, by asker.</summary>
    public Dictionary<int, int> BodyRequests { get; } = [];

    /// <summary>Every certificate of the C-class that made somebody final, by height and seat.</summary>
    public Dictionary<(ulong Height, int Seat), Certificate> DecidedBy { get; } = [];

    public ulong Head => _final.Keys.Last();

    public IEnumerable<CaseMember> Honest => _members.OfType<CaseMember>();

    public CaseMember this[int seat] => _members[seat] ?? throw new ArgumentException($"v{seat} is Byzantine.");

    public static Hash256 Block(string name, ulong height) => Fixture.Hash($"{name}{height}");

    public static Hash256 Impeach(ulong height) => Block("I", height);

    /// <summary>The name of what is final at a height, "b" or "I"; null when nothing is.</summary>
    public string? FinalAt(ulong height) => _final.TryGetValue(height, out Hash256 hash)
        ? System.Text.Encoding.ASCII.GetString(hash.ToArray()).TrimEnd('\0')[..^$"{height}".Length]
        : null;

    public ulong TimeOf(ulong height) => _blocks[_final[height]].TimeMs;

    public int ImpeachmentsThrough(ulong height) => _final.Count(pair => pair.Key <= height && _blocks[pair.Value].IsImpeach);

    /// <summary>Everybody up enters the height after its head, now.</summary>
    public CaseNetwork Start()
    {
        foreach (CaseMember member in Honest) At(0, member.EnterNext);
        return this;
    }

    public void RunFor(long milliseconds)
    {
        long until = NowMs + milliseconds;
        while (_agenda.TryPeek(out _, out (long DueMs, long Order) next) && next.DueMs <= until) Next();
        NowMs = until;
    }

    /// <summary>Runs until it holds; false when it does not within the limit.</summary>
    public bool RunUntil(Func<bool> holds, long limitMs = 60_000)
    {
        long until = NowMs + limitMs;
        while (!holds())
        {
            if (!_agenda.TryPeek(out _, out (long DueMs, long Order) next) || next.DueMs > until) return false;
            Next();
        }

        return true;
    }

    /// <summary>Until every honest member that is up has this height final.</summary>
    public void RunToHeight(ulong height, long limitMs = 60_000) => Assert.True(
        RunUntil(() => Head >= height && Honest.All(m => !m.IsUp || m.Head >= height), limitMs),
        $"at {NowMs} ms: " + string.Join("; ", Honest.Select(m => $"{m.Seat} head {m.Head} {m.State.Phase} r{m.State.Round} w{m.State.Wish}")));

    /// <summary>Does this once so many effects have been carried out by all members together.</summary>
    public void AfterEffects(int count, Action action) => (_effectsLeft, _afterEffects) = (count, action);

    /// <summary>A member has carried out one more effect.</summary>
    public void EffectDone()
    {
        if (_effectsLeft > 0 && --_effectsLeft == 0) _afterEffects?.Invoke();
    }

    public void At(long delayMs, Action action) => _agenda.Enqueue(action, (NowMs + delayMs, _order++));

    /// <summary>A Byzantine member's signed word, with a certificate if it likes.</summary>
    public void Say(int from, int to, Statement statement, Certificate? attached = null)
    {
        Assert.Null(_members[from]);
        Post(new Mail(from, to, EventOf(new Seat(from), Fixture.Signed(from, statement), attached)));
    }

    /// <summary>The same to all honest members.</summary>
    public void SayToAll(int from, Statement statement, Certificate? attached = null)
    {
        foreach (CaseMember member in Honest) Say(from, member.Seat.Index, statement, attached);
    }

    /// <summary>A certificate by itself, made of votes that its signers have given.</summary>
    public void Show(int from, int to, Certificate certificate) =>
        Post(new Mail(from, to, new LbftEvent.CertificateReceived(certificate, new Seat(from))));

    public Certificate CertificateOf(VoteClass voteClass, ulong height, int round, Hash256 hash, params int[] signers) =>
        Fixture.Certificate(
            Committee, voteClass, new BlockNumber(height), round, hash, Fixture.Seats(signers),
            seat => _members[seat.Index] is { } honest ? honest.SignedRoundOf(height, round, hash) : Statement.NoRound);

    public HeightFacts FactsOf(CaseMember member)
    {
        ulong height = member.Head + 1;
        Hash256 parent = member.Head == 0 ? Genesis : member.Ledger[^1].Hash;
        ulong parentMs = _blocks[parent].TimeMs;
        _blocks.TryAdd(
            Impeach(height), new CaseBlock(height, parentMs + (ulong)Times.PeriodMs + (ulong)Times.TimeoutMs, true, IsImpeach: true));
        if (_proposed.Add(height)) Propose(height, parentMs);
        return new HeightFacts(new BlockNumber(height), parent, parentMs, Committee, member.Seat, Impeach(height));
    }

    /// <summary>The proposer of a height that was entered without it is back and shows this now.</summary>
    public void ShowNow(ulong height, Showing showing) => Offer(height, TimeOf(height - 1), NowMs, showing);

    public ulong WallMs(int seat) => (ulong)((long)EpochMs + NowMs + WallOffset(seat));

    public bool IsValid(Hash256 hash) => _blocks[hash].IsValid;

    public void Post(Mail mail)
    {
        if (mail.What is LbftMessage.GetBody) BodyRequests[mail.From] = BodyRequests.GetValueOrDefault(mail.From) + 1;
        if (mail.To == mail.From || Link(mail) is not { } delayMs) return;

        At(delayMs, () => _members[mail.To]?.Receive(mail));
    }

    public void PostProposal(int from, int to, Hash256 hash)
    {
        CaseBlock block = _blocks[hash];
        Post(new Mail(from, to, new LbftEvent.ProposalReceived(
            new BlockNumber(block.Height), from == TheProposer ? null : new Seat(from), hash, block.TimeMs, SealOf(hash), 0)));
    }

    public static LbftEvent.FromPeer EventOf(Seat from, SignedStatement said, Certificate? attached) => said.Statement.Kind switch
    {
        StatementKind.Wish => new LbftEvent.WishReceived(from, said, attached),
        StatementKind.Status => new LbftEvent.StatusReceived(from, said, attached),
        StatementKind.Propose => new LbftEvent.ProposeReceived(from, said, attached),
        _ => new LbftEvent.VoteReceived(from, said, attached),
    };

    public void Finalized(CaseMember member, Certificate certificate)
    {
        ulong height = certificate.Height.Value;
        Assert.Equal(height, member.Head);
        Assert.True(IsValid(certificate.Hash), $"{member.Seat} finalised an invalid block at {height}");
        if (_final.TryGetValue(height, out Hash256 known)) Assert.Equal(known, certificate.Hash); // agreement
        _final[height] = certificate.Hash;
        DecidedBy[(height, member.Seat.Index)] = certificate;
        At(0, () =>
        {
            if (member.IsUp && member.Head == height) member.EnterNext();
        });
    }

    public void Accused(Misconduct misconduct)
    {
        foreach (CaseMember member in Honest)
            Assert.NotEqual(Fixture.SignatureOf(member.Seat.Index), misconduct.First.Signature);
        Evidence.Add(misconduct);
    }

    // The proposer of every case signs with one key; its signature names the block, so two seals differ.
    private static CPChain.Crypto.Signature SealOf(Hash256 hash) => Fixture.SignatureOf(1000 + hash.ToArray()[0]);

    private void Propose(ulong height, ulong parentMs)
    {
        long opensAtMs = Math.Max(NowMs, (long)parentMs + Times.PeriodMs - (long)EpochMs);
        foreach (Showing showing in Proposer(height)) Offer(height, parentMs, opensAtMs, showing);
    }

    private void Offer(ulong height, ulong parentMs, long opensAtMs, Showing showing)
    {
        Hash256 hash = Block(showing.Name, height);
        At(opensAtMs - NowMs + showing.AfterMs, () =>
        {
            ulong timeMs = Math.Max(parentMs + (ulong)Times.PeriodMs, EpochMs + (ulong)NowMs);
            _blocks.TryAdd(hash, new CaseBlock(height, (ulong)((long)timeMs + showing.TimeOffsetMs), showing.IsValid, false));
            ShowBlock(height, hash, showing, 0);
        });
    }

    private void ShowBlock(ulong height, Hash256 hash, Showing showing, int times)
    {
        foreach (CaseMember member in Honest)
            if (member.Head < height && (showing.To is null || showing.To.Contains(member.Seat.Index)))
                PostProposal(TheProposer, member.Seat.Index, hash);
        if (showing.IsRepeated && times < ShowingsMax && Honest.Any(m => m.Head < height))
            At(Times.ResendMs, () => ShowBlock(height, hash, showing, times + 1));
    }

    private void Next()
    {
        Action action = _agenda.TryDequeue(out Action? next, out (long DueMs, long Order) key) ? next : static () => { };
        NowMs = key.DueMs;
        action();
    }

    private sealed record CaseBlock(ulong Height, ulong TimeMs, bool IsValid, bool IsImpeach);
}
