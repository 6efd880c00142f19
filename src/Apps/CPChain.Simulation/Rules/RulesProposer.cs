using CPChain.Crypto;
using CPChain.Lbft;
using CPChain.Lbft.Proposer;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Simulation.Rules.Adversaries;
using CPChain.Types;

namespace CPChain.Simulation.Rules;

/// <summary>What the proposer of a height does.</summary>
public enum ProposerConduct
{
    Honest,

    /// <summary>Says nothing at all.</summary>
    Silent,

    /// <summary>Sends its block up to three seconds late.</summary>
    Late,

    /// <summary>Seals two blocks and shows each validator one of them.</summary>
    Equivocating,

    /// <summary>Seals two blocks, one of them invalid.</summary>
    Illicit,

    /// <summary>Shows its block once, to some only, and dies.</summary>
    ShowsToFew,

    /// <summary>Seals one invalid block for everybody.</summary>
    AllIllicit,
}

/// <summary>The proposers in turn: the production machine with its durable intent, or one that misbehaves.</summary>
internal sealed class RulesProposer(RulesWorld world)
{
    /// <summary>How many keys propose in turn.</summary>
    public const int Count = 4;

    private readonly ProposerState[] _states = [.. Enumerable.Range(0, Count).Select(_ => ProposerState.Create(world.Scenario.Times))];
    private readonly Queue<(int Proposer, ProposerEvent Input)> _inbox = new();
    private readonly SortedSet<ulong> _doubleSealed = [];
    private readonly int[] _timers = new int[Count];

    /// <summary>All proposers are down, in a halt.</summary>
    public bool IsDown { get; private set; }

    public void Start() => Enter(1);

    /// <summary>Proof of two seals is just at a height whose proposer made two.</summary>
    public bool HasTwoSeals(ulong height) => _doubleSealed.Contains(height);

    /// <summary>The parent of a height has become final to somebody; its proposer hears of it soon.</summary>
    public void Enter(ulong height)
    {
        ProposerConduct conduct = world.Scenario.ConductOf?.Invoke(world, height) ?? ProposerConduct.Honest;
        if (conduct == ProposerConduct.Silent) return;

        world.At(1 + world.Random.Below(world.Scenario.Times.DelayMs), () => Begin(height, conduct));
    }

    public void VoteSeen(LbftEvent.VoteReceived vote)
    {
        int proposer = (int)(vote.Height.Value % Count);
        if (_states[proposer].Stage == ProposerStage.Sending && !_states[proposer].Voted.Contains(vote.Voter))
            Handle(proposer, new ProposerEvent.VoteSeen(vote.Height, vote.Voter));
    }

    /// <summary>All proposers go down and come back with what they made durable (L8.1).</summary>
    public void Crash(long forMs)
    {
        IsDown = true;
        for (int proposer = 0; proposer < Count; proposer++)
            _states[proposer] = ProposerState.Create(
                world.Scenario.Times, _states[proposer].Intent, _states[proposer].SealOfIntent);
        world.At(forMs, () =>
        {
            IsDown = false;
            Begin(world.Highest + 1, ProposerConduct.Honest);
        });
    }

    private void Begin(ulong height, ProposerConduct conduct)
    {
        if (IsDown || world.Highest + 1 != height) return;

        SimulatedBlock parent = world.FinalBlock(height - 1);
        if (conduct == ProposerConduct.Honest)
        {
            Handle((int)(height % Count), new ProposerEvent.HeightEntered(
                parent.Height.Next, parent.TimeMs, world.Scenario.Committee, IsOwnTurn: true, (ulong)world.NowMs));
            return;
        }

        if (conduct is ProposerConduct.Equivocating or ProposerConduct.Illicit) _doubleSealed.Add(height);
        new EquivocatingProposer(world, parent, conduct).Begin();
    }

    private void Handle(int proposer, ProposerEvent first)
    {
        _inbox.Enqueue((proposer, first));
        while (_inbox.TryDequeue(out (int Proposer, ProposerEvent Input) next))
        {
            ProposerTransition transition = ProposerMachine.Step(_states[next.Proposer], next.Input);
            _states[next.Proposer] = transition.State;
            foreach (ProposerEffect effect in transition.Effects) Perform(next.Proposer, effect);
        }
    }

    private void Perform(int proposer, ProposerEffect effect)
    {
        switch (effect)
        {
            case ProposerEffect.BuildBlock e:
                SimulatedBlock parent = world.FinalBlock(e.Height.Value - 1);
                Hash256 hash = world.Blocks.Make(parent, Math.Max(e.TimeMs, parent.TimeMs + (ulong)world.Scenario.Times.PeriodMs)).Hash;
                _inbox.Enqueue((proposer, new ProposerEvent.BlockBuilt(e.Height, hash)));
                break;
            case ProposerEffect.SealBlock e:
                Signature seal = StubSignatures.Sign(world.ProposerKeyOf(e.Statement.Height.Value), e.Statement, RulesWorld.Chain);
                _inbox.Enqueue((proposer, new ProposerEvent.BlockSealed(e.Statement, seal)));
                break;
            case ProposerEffect.SendBlock e:
                foreach (Seat to in e.To) world.SendProposal(null, null, to, e.Hash);
                break;
            case ProposerEffect.StartTimer e:
                int number = ++_timers[proposer];
                world.At(e.DelayMs, () =>
                {
                    if (!IsDown && _timers[proposer] == number && world.Highest < e.Height.Value)
                        Handle(proposer, new ProposerEvent.TimerExpired(e.Height, (ulong)world.NowMs));
                });
                break;
        }
    }
}
