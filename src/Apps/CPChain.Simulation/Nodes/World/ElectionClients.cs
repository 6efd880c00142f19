using CPChain.Chain;
using CPChain.Consensus;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Execution;
using CPChain.Ledger;
using CPChain.Sdk.Contracts;
using CPChain.Types;
using SystemContracts = CPChain.Sdk.Contracts.SystemContracts;

namespace CPChain.Simulation.Nodes.World;

/// <summary>What owners of RNodes and governance do: join, claim again and again, and name the validators of a later term.</summary>
internal sealed class ElectionClients(VirtualWorld world, SeededRandom chance)
{
    private const int TermsAClaim = 3;
    private const ulong Lead = 4;

    private readonly Terms terms = ElectionPlan.Parameters.Terms;

    // List that the latest claim of a candidate reaches, as sent.
    private readonly ulong[] claimedThrough = new ulong[world.Plan.Candidates];

    // Each speaks through one node, or two of its transactions might get one nonce; a validator of genesis, which the others let in, and an honest
    // one: nobody may hear another.
    private readonly VirtualNode[] homes =
        [.. Enumerable.Range(0, world.Plan.Candidates + 1).Select(_ => HonestFrom(world, chance.Below(world.Plan.Committee)))];

    private static VirtualNode HonestFrom(VirtualWorld world, int drawn) =>
        Enumerable.Range(0, world.Plan.Committee).Select(i => world.Nodes[(drawn + i) % world.Plan.Committee]).First(static node => node.IsHonest);

    internal void Start()
    {
        for (int candidate = 0; candidate < world.Plan.Candidates; candidate++)
        {
            int who = candidate;
            world.Time.In(VirtualTime.FromMs(1_000 + chance.Below(1_000)), () => Stand(who));
        }
        if (world.Plan.ChangeAt is not null)
        {
            world.Time.In(VirtualTime.FromMs(1_000 + chance.Below(3_000)), NameValidators);
        }
    }

    private void Stand(int candidate)
    {
        world.Time.In(VirtualTime.FromMs(700 + chance.Below(600)), () => Stand(candidate));
        if (homes[candidate].Running is not { } node)
        {
            return;
        }
        PrivateKey key = SharedKeys.OfNode(ElectionPlan.NodeOf(world.Plan, candidate));
        LedgerState state = node.Ledger.HeadState;
        StoredView view = new(new StateWords(state));
        if (view.DepositOf(key.Address).IsZero)
        {
            if (node.Pool.NextNonce(key.Address) == 0)
            {
                Send(node, key, SystemContracts.RNodePool, ElectionPlan.Parameters.RNodeDeposit, "join", 1U);
            }
            return;
        }
        ulong term = terms.TermOf(state.Number + 1);
        if (claimedThrough[candidate] > term)
        {
            return;
        }
        claimedThrough[candidate] = term + TermsAClaim;
        byte[][] commitments =
        [
            .. Enumerable.Range(0, TermsAClaim).Select(i => RevealSecret.CommitmentOf(
                key, node.Ledger.GenesisHash, term + Lead + (ulong)i, terms.Length).ToArray()),
        ];
        Send(node, key, SystemContracts.Campaign, UInt256.Zero, "claim", (byte)TermsAClaim, commitments, 0UL, state.Number, 0UL, state.Number, 1U);
    }

    private void NameValidators()
    {
        if (homes[^1].Running is { } running && new StoredView(new StateWords(running.Ledger.HeadState)).ValidatorTerms().Next != 0)
        {
            return;
        }
        // Again, if it got into no block in time for the term that it names.
        world.Time.In(VirtualTime.FromMs(4_000), NameValidators);
        if (homes[^1].Running is not { } node)
        {
            return;
        }
        ulong term = Math.Max(terms.TermOf(world.Plan.ChangeAt!.Value), terms.TermOf(node.Ledger.Head.Number + 1) + Lead);
        Address[] first = [.. world.Plan.Genesis.Schedule.ValidatorsOf(1)];
        Address newcomer = SharedKeys.OfNode(world.Plan.Validators - 1).Address;
        first[chance.Below(first.Length)] = newcomer;
        Send(
            node, SharedKeys.OfGovernance, SystemContracts.Governance, UInt256.Zero,
            SystemContracts.ValidatorSet.Abi.Function("schedule").EncodeCall(
                term, first, Enumerable.Repeat((byte)Nominator.Foundation, first.Length).ToArray()));
    }

    private void Send(ChainNode node, PrivateKey key, SystemContract to, UInt256 value, string function, params object[] arguments) =>
        Send(node, key, to, value, to.Abi.Function(function).EncodeCall(arguments));

    private void Send(ChainNode node, PrivateKey key, SystemContract to, in UInt256 value, byte[] data)
    {
        UnsignedTransaction call = UnsignedTransaction.FeeMarket(
            world.Plan.Genesis.ChainId, node.Pool.NextNonce(key.Address), 100_000_000_000, 1_000_000_000, 3_000_000) with
        {
            To = to.Address,
            Value = value,
            Data = data,
        };
        _ = node.Pool.SubmitAsync(Transaction.Sign(call, key), CancellationToken.None).AsTask();
    }
}
