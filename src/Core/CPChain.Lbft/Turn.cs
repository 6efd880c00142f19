using System.Collections.Immutable;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;

namespace CPChain.Lbft;

/// <summary>One step in the making: the state so far and the effects so far, in order.</summary>
internal ref struct Turn(LbftState state)
{
    private List<LbftEffect>? _effects;

    public LbftState State = state;

    public MemberNotes Members
    {
        readonly get => State.Members;
        set => State = State with { Members = value };
    }

    public void Do(LbftEffect effect) => (_effects ??= new List<LbftEffect>(8)).Add(effect);

    public void Record(JournalRecord record) => Do(new LbftEffect.Journal(record));

    public void Sign(in Statement statement) => Do(new LbftEffect.Sign(statement));

    public void Send(SeatSet to, SignedStatement signed, Certificate? attached)
    {
        if (!to.IsEmpty) Do(new LbftEffect.Send(to, new LbftMessage.Said(signed, attached)));
    }

    public void StartTimer(TimerKind kind, long delayMs) =>
        Do(new LbftEffect.StartTimer(kind, State.Height, State.Round, delayMs));

    public void SetOwn(OwnRound own)
    {
        int index = 0;
        while (index < State.Own.Length && State.Own[index].Round < own.Round) index++;
        bool exists = index < State.Own.Length && State.Own[index].Round == own.Round;
        State = State with { Own = exists ? State.Own.With(index, own) : State.Own.Insert(index, own) };
    }

    public readonly Transition End() => new(State, _effects is null ? [] : [.. _effects]);
}
