using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Dpor;
using CPChain.Evm;
using CPChain.EvmTools.Benchmarks;
using CPChain.Execution;
using CPChain.Ledger;
using CPChain.Types;

namespace CPChain.App.Bench;

/// <summary>
/// The last block of a term on the main network's numbers when every RNode that there can be stands on the list: seed, draw, and a roll of thousands
/// from the counters of a whole window (D2.4), with the new state root, on a ledger.
/// </summary>
internal sealed class CheckpointBenchmark : IBenchmark
{
    private const int RNodes = 5_000;
    private const int Rounds = 5;
    private const ulong Term = 14;

    // A quarter of X (L1), within which a block is executed.
    private const double MsMax = 500;

    private static readonly DporParameters Parameters = DporParameters.Main;
    private static readonly LedgerOptions Options = new();

    public string Name => "dpor.checkpoint";

    public string About => $"the block that ends a term with {RNodes} candidates, without transactions: processor time of judging it";

    public Task<IReadOnlyList<BenchResult>> RunAsync(BenchInput input, CancellationToken cancel)
    {
        using BenchChain chain = new(RNodes, keyed: 0, Options, input.Progress);
        ulong checkpoint = Parameters.Terms.CheckpointOf(Term);
        input.Progress("giving each its deposit, claim and counters");
        chain.Append(Memberships(chain));
        for (ulong term = Term + 1 - (ulong)Parameters.Window; term <= Term; term++) chain.Append(Counters(chain, term));
        input.Progress("going to the end of the term");
        while (chain.Ledger.Head.Number + 2 < checkpoint) chain.Append(StateChanges.None);
        Block before = chain.MakeEmptyBlock();
        input.Progress("measuring");
        List<double> ordinary = [], cold = [], warm = [];
        for (int round = 0; round < Rounds; round++) ordinary.Add(Judge(chain, before));
        chain.Append(StateChanges.None);
        Block last = chain.MakeEmptyBlock();
        Invariant.Check(last.Header.Number == checkpoint, "the block ends a term");
        for (int round = 0; round < Rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            chain.Reopen(Options);
            cold.Add(Judge(chain, last));
            warm.Add(Judge(chain, last));
        }

        string parameters = $"rnodes={RNodes} candidates={Math.Min(RNodes, Parameters.CandidatesMax)} window={Parameters.Window}";
        return Task.FromResult<IReadOnlyList<BenchResult>>(
        [
            new($"{Name} caches=cold {parameters}", StageTimes.Median(cold), "ms", "bound", MsMax, Machine.Text),
            new($"{Name} caches=warm {parameters}", StageTimes.Median(warm), "ms", "the block before, which ends no term", StageTimes.Median(ordinary), Machine.Text),
        ]);
    }

    // All of it, on whichever thread: the trie is worked out on two.
    private static double Judge(BenchChain chain, Block block)
    {
        double start = CpuClock.OfProcess(Environment.ProcessId);
        ExecutionOutcome outcome = BlockExecutor.Execute(block, chain.Ledger.Head, chain.Ledger.HeadState, chain.Ledger.Rules);
        double took = (CpuClock.OfProcess(Environment.ProcessId) - start) * 1e3;
        Invariant.Check(outcome.IsValid, $"{outcome.Fault}");
        return took;
    }

    // Members of the pool, the list of the term, committees up to the checkpoint, the roll that is drawn from, and an old one that is written over.
    private static StateChanges Memberships(BenchChain chain)
    {
        ImmutableArray<Address> accounts = chain.Accounts;
        StateOverlay state = new(chain.Ledger.HeadState);
        state.BeginTransaction();
        void Put(Address contract, UInt256 slot, UInt256 word) => state.SetStorage(contract, slot, word);
        void PutList(Address contract, UInt256 slot, int words, Func<int, UInt256> word)
        {
            Put(contract, slot, (ulong)words);
            UInt256 first = Slots.Elements(slot);
            for (int i = 0; i < words; i++) Put(contract, Slots.Behind(first, i), word(i));
        }

        PutList(SystemContracts.RNodePool, Slots.RNodes, RNodes, i => accounts[i].ToUInt256());
        foreach (Address account in accounts) Put(SystemContracts.RNodePool, Slots.Deposit(account), Parameters.RNodeDeposit);
        int candidates = Math.Min(RNodes, Parameters.CandidatesMax);
        UInt256 Entry(int word) => (word & 1) == 0 ? accounts[word / 2].ToUInt256() : (UInt256)(ulong)(word + 1);
        Put(SystemContracts.Campaign, Slots.Candidates(Term), (ulong)candidates);
        UInt256 list = Slots.Elements(Slots.Candidates(Term));
        for (int word = 0; word < 2 * candidates; word++) Put(SystemContracts.Campaign, Slots.Behind(list, word), Entry(word));
        UInt256 Weighed(int word) => (word & 1) == 0 ? Entry(word) | ((UInt256)1_000UL << 160) | (word > candidates ? UInt256.One << 192 : UInt256.Zero) : Entry(word);
        PutList(SystemContracts.Dpor, Slots.Roll(Term + Terms.DrawLead), 2 * candidates, Weighed);
        PutList(SystemContracts.Dpor, Slots.Roll(Term + Terms.RollLead), 2 * candidates, Entry);
        for (ulong term = Terms.RollLead; term <= Term + 1; term++)
            PutList(SystemContracts.Dpor, Slots.Committee(term), 2 * Parameters.Seats, word => (word & 1) == 0 ? chain.Proposer.ToUInt256() : UInt256.Zero);
        state.EndTransaction();
        return state.Collect();
    }

    private static StateChanges Counters(BenchChain chain, ulong term)
    {
        ImmutableArray<Address> accounts = chain.Accounts;
        StateOverlay state = new(chain.Ledger.HeadState);
        state.BeginTransaction();
        for (int i = 0; i < accounts.Length; i++)
        {
            uint some = unchecked((uint)(i * 2_654_435_761L) >> 8) + (uint)term;
            Deeds deeds = new(some % 40, (ushort)(some % 3), 0, some % 7, some % 5, some % 11);
            Money money = new(Units.Cpc * (some % 9_000UL), Units.Gwei * (UInt256)some);
            state.SetStorage(SystemContracts.Dpor, Slots.Deeds(accounts[i], term), deeds.Pack(term));
            state.SetStorage(SystemContracts.Dpor, Slots.Money(accounts[i], term), money.Pack(term));
        }
        state.EndTransaction();
        return state.Collect();
    }
}
