using CPChain.Lbft;
using CPChain.Lbft.Blocks;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;

namespace CPChain.ModelChecking;

/// <summary>A validator with all that it has received, and what the explorer would keep of it.</summary>
internal sealed record Face(LbftState Full, LocalState Reduced);

/// <summary>Every single message that one validator can receive, and what the production machine does with it.</summary>
internal sealed class SingleDeliveries
{
    private readonly Model _model;
    private readonly Vocabulary _vocabulary;
    private readonly LocalStates _locals;
    private readonly List<(LbftEvent Event, int Seat, VoteClass? Class, int Round, int Value)> _messages = [];
    private readonly List<Face> _faces = [];
    private readonly Dictionary<Face, int> _numbers = [];
    private readonly Dictionary<(int Face, int Message), int> _after = [];

    public SingleDeliveries(Model model, LocalStates locals, VoteClass votes)
    {
        _model = model;
        _vocabulary = new Vocabulary(model);
        _locals = locals;
        for (int value = 1; value <= model.Blocks; value++)
        {
            Add(new LbftEvent.ProposalReceived(
                Vocabulary.Height, null, Vocabulary.HashOf(value), Vocabulary.OpensAtMs, Vocabulary.AnySignature, Vocabulary.OpensAtMs));
            Add(new LbftEvent.BodyReceived(Vocabulary.Height, Vocabulary.HashOf(value)), value: value);
        }

        for (int round = 0; round <= model.RoundMax; round++)
        {
            if (round < model.RoundMax) Add(new LbftEvent.TimerExpired(TimerKind.Round, Vocabulary.Height, round, 0), round: round);
            for (int value = 0; value <= model.Blocks; value++)
                Add(new LbftEvent.CertificateReceived(_vocabulary.CertificateOf(VoteClass.Prepare, round, value)), round: round, value: value);
            for (int seat = 1; seat < model.Committee.Validators; seat++) AddFrom(seat, round, votes);
        }

        LocalState initial = locals[locals.Initial];
        Initial = NumberOf(new Face(Normal(initial.State), initial));
    }

    public int Initial { get; }

    /// <summary>How many different messages there are.</summary>
    public int Count => _messages.Count;

    public Face this[int face] => _faces[face];

    public string Name(int message) => _messages[message].Event.ToString();

    /// <summary>Whether somebody has said it, or it is a body or a timer that is due.</summary>
    public bool IsAvailable(int message, LbftState full, int[] cluster, ulong certified)
    {
        (LbftEvent input, int seat, VoteClass? voteClass, int round, int value) = _messages[message];
        switch (input)
        {
            case LbftEvent.TimerExpired:
                return full.Round == round;
            case LbftEvent.BodyReceived body:
                return full.Block(body.Hash) is { Stage: BlockStage.Wanted };
            case LbftEvent.CertificateReceived:
                return Vocabulary.IsIn(certified, round, value);
            case LbftEvent.ProposalReceived:
                return true;
        }

        if (seat >= _model.Honest) return true;

        LocalState sender = _locals[cluster[seat]];
        return voteClass switch
        {
            VoteClass.Prepare => Vocabulary.IsIn(sender.Said.Prepares, round, value),
            VoteClass.Commit => Vocabulary.IsIn(sender.Said.Commits, round, value),
            _ => sender.State.Wish >= round,
        };
    }

    /// <summary>The validator after the message.</summary>
    public int After(int face, int message)
    {
        if (_after.TryGetValue((face, message), out int known)) return known;

        (LbftState full, LocalState reduced) = _locals.Deliver(_faces[face].Full, _faces[face].Reduced, _messages[message].Event);
        return _after[(face, message)] = NumberOf(new Face(Normal(full), reduced));
    }

    private void AddFrom(int seat, int round, VoteClass votes)
    {
        if (round > 0) Add(new LbftEvent.WishReceived(new Seat(seat), Vocabulary.Wish(round)), seat, null, round);
        for (int value = round == 0 ? 1 : 0; value <= _model.Blocks; value++)
            Add(new LbftEvent.VoteReceived(new Seat(seat), Vocabulary.Vote(votes, round, value)), seat, votes, round, value);
    }

    private void Add(LbftEvent input, int seat = 0, VoteClass? voteClass = null, int round = 0, int value = 0) =>
        _messages.Add((input, seat, voteClass, round, value));

    private int NumberOf(Face face)
    {
        if (_numbers.TryGetValue(face, out int number)) return number;

        _faces.Add(face);
        return _numbers[face] = _faces.Count - 1;
    }

    // Everything that has been received is kept; dropped is only whom a message was sent to and which of the possible
    // signers stand in a certificate. A decided validator receives nothing more.
    private static LbftState Normal(LbftState full)
    {
        Certificate[] prepared = full.Prepared.Span.ToArray();
        for (int index = 0; index < prepared.Length; index++) prepared[index] = Durable.Plain(prepared[index])!;
        bool isOpen = full.Stage == HeightStage.Open;
        return full with
        {
            Members = MemberNotes.None,
            Prepared = ValueArray<Certificate>.Of(prepared),
            Entry = Durable.Plain(full.Entry),
            Votes = isOpen ? full.Votes : default,
            MaxWishes = isOpen ? full.MaxWishes : default,
        };
    }
}
