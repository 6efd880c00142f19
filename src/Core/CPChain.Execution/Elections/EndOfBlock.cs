using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>The end of a block on a chain with elections: fees are divided, the reward is paid, deeds are counted (D4, D11).</summary>
internal sealed class EndOfBlock(ElectedCommittees committees, Turn turn, ChainRules rules)
{
    // Who the step calls as, as with EIP-4788: no key has this address.
    private static readonly Address s_system = Address.Parse("0xfffffffffffffffffffffffffffffffffffffffe");

    private const ulong CallGas = 1_000_000;

    private static readonly byte[] s_payBlockReward = [.. Keccak256.Hash("payBlockReward(address,uint256)"u8).ToArray().Take(4)];

    /// <summary>Changes the state after the last transaction.</summary>
    /// <param name="header">The block's; the coinbase of an impeach block is zero.</param>
    /// <param name="block">The block as code sees it.</param>
    /// <param name="overlay">The state after its transactions, between transactions.</param>
    /// <param name="parentState">The state before them.</param>
    /// <param name="sends">Sender and fee of each transaction, in order.</param>
    /// <param name="receipts">Their receipts.</param>
    public void Run(
        BlockHeader header, BlockContext block, StateOverlay overlay, IStateReader parentState, ImmutableArray<Send> sends,
        ImmutableArray<Receipt>.Builder receipts)
    {
        DporParameters parameters = committees.Dpor.Parameters;
        UInt256 fees = UInt256.Zero;
        foreach (Send send in sends)
            fees += send.Fee;
        FeeParts parts = FeeParts.Of(parameters.Fees, fees, turn.Validators.Length);
        overlay.BeginTransaction();
        if (!header.Coinbase.IsZero)
        {
            Pay(overlay, header.Coinbase, parts.Proposer);
            foreach (Address validator in turn.Validators)
                Pay(overlay, validator, parts.EachValidator);
            Pay(overlay, committees.Dpor.Foundation, parts.Foundation);
            Pay(overlay, SystemContracts.Reserve, parts.Reserve);
            PayReward(overlay, block, header.Coinbase, Eras.RewardOf(parameters, header.Number));
        }
        overlay.EndTransaction();

        FrozenSet<Address> members = committees.Roster.Of(overlay, parentState);
        BlockFacts facts = FactsOf(header, overlay, members, sends, receipts, parts.Proposer);
        overlay.BeginTransaction();
        committees.Step.Apply(new OverlayWords(overlay), facts, members.Contains);
        overlay.EndTransaction();
    }

    private BlockFacts FactsOf(
        BlockHeader header, StateOverlay overlay, FrozenSet<Address> members, ImmutableArray<Send> sends,
        ImmutableArray<Receipt>.Builder receipts, in UInt256 proposerFees)
    {
        ImmutableArray<BalanceChange> balances = members.Count == 0 ? [] :
        [
            .. overlay.ChangedBalances().Where(change => members.Contains(change.Account))
                .Select(static change => new BalanceChange(change.Account, change.Before, change.After)),
        ];
        ImmutableArray<Address>.Builder uploads = ImmutableArray.CreateBuilder<Address>();
        ImmutableArray<Address>.Builder sales = ImmutableArray.CreateBuilder<Address>();
        ImmutableArray<Address>.Builder proxies = ImmutableArray.CreateBuilder<Address>();
        foreach (Receipt receipt in receipts)
            SystemEvents.Sort(receipt.Logs, uploads, sales, proxies);
        return new BlockFacts
        {
            Number = header.Number,
            ParentHash = header.ParentHash,
            Coinbase = header.Coinbase,
            Reveal = turn.Commitment.IsZero || header.Coinbase.IsZero ? Hash256.Zero : Hash256.FromBytes(header.Extra.Span),
            Sends = sends,
            Uploads = uploads.ToImmutable(),
            Sales = sales.ToImmutable(),
            Receipts = proxies.ToImmutable(),
            Balances = balances,
            ProposerFees = proposerFees,
        };
    }

    private static void Pay(StateOverlay overlay, in Address account, in UInt256 amount)
    {
        if (!amount.IsZero)
            overlay.AddBalance(account, amount);
    }

    private void PayReward(StateOverlay overlay, BlockContext block, in Address proposer, in UInt256 reward)
    {
        if (reward.IsZero)
            return;
        byte[] data = new byte[4 + 32 + 32];
        s_payBlockReward.CopyTo(data, 0);
        proposer.CopyTo(data.AsSpan(16, Address.Length));
        reward.WriteBigEndian(data.AsSpan(36, 32));
        EvmMachine machine = rules.Machines.Take(rules);
        machine.BoundHeavyGas(ulong.MaxValue);
        // What the contract refuses is not paid: the same on every node.
        machine.Execute(
            EvmMessage.Call(s_system, SystemContracts.Reserve, UInt256.Zero, data, CallGas), overlay, block, new TxContext(s_system, UInt256.Zero));
        rules.Machines.Return(machine);
    }
}
