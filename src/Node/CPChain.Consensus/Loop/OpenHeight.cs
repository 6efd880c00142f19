using System.Collections.Concurrent;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Ledger;
using CPChain.Types;

namespace CPChain.Consensus.Loop;

/// <summary>
/// What the host knows of the height being decided: the parent and its state, V(h), the impeach block, the bodies that came and what their
/// execution gave. Bodies may be read from any thread; everything else belongs to the loop.
/// </summary>
internal sealed class OpenHeight
{
    /// <summary>Bodies kept at one height without being asked for: the first and second sealed one (L24), one named by a certificate, and the own one.</summary>
    private const int BodiesMax = 4;

    private readonly ConcurrentDictionary<Hash256, Block> bodies = new();
    private readonly Dictionary<Hash256, BlockResult> results = [];
    private readonly LedgerState state;
    private readonly TaskScheduler scheduler;

    internal OpenHeight(
        BlockHeader parent, LedgerState state, Committee committee, Seat? self, ChainRules rules, TaskScheduler scheduler)
    {
        this.state = state;
        this.scheduler = scheduler;
        Parent = parent;
        Number = new BlockNumber(parent.Number + 1);
        Committee = committee;
        Self = self;
        Turn = rules.Committees.TurnOf(Number.Value, state);
        (Impeach, BlockResult result) = ImpeachBlock.Create(parent, state, Turn, rules);
        bodies[Impeach.Hash] = Impeach;
        results[Impeach.Hash] = result;
    }

    internal BlockNumber Number { get; }
    internal BlockHeader Parent { get; }
    internal Committee Committee { get; }
    internal Seat? Self { get; }
    internal Turn Turn { get; }
    internal Address Proposer => Turn.Proposer;
    internal Block Impeach { get; }

    /// <summary>When the first proposal could be judged, by the monotonic clock; 0 before that.</summary>
    internal long ProposalAt { get; set; }

    internal Seat? SeatOf(in Address peer) => Committee.SeatOf(peer);

    internal Block? Body(in Hash256 hash) => bodies.GetValueOrDefault(hash);

    /// <summary>Keeps a body of this height on this parent, if there is room or it is wanted.</summary>
    internal bool Keep(Block body, bool isWanted)
    {
        if (body.Header.Number != Number.Value || body.Header.ParentHash != Parent.Hash)
        {
            return false;
        }
        return bodies.ContainsKey(body.Hash) || ((isWanted || bodies.Count < BodiesMax) && bodies.TryAdd(body.Hash, body));
    }

    internal BlockResult? Result(in Hash256 hash) => results.GetValueOrDefault(hash);

    internal void SetResult(in Hash256 hash, BlockResult result) => results[hash] = result;

    /// <summary>Runs work on the parent's state on another thread. The ledger keeps that state for many more blocks.</summary>
    internal Task<T> OnParentStateAsync<T>(Func<LedgerState, T> work) => scheduler.Begin(() => work(state));
}
