using System.Collections.Immutable;
using System.Text;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Ledger;
using CPChain.Types;

namespace CPChain.Storage.Tests.Ledgers;

/// <summary>A chain with one proposer, one funded sender and one contract, for filling ledgers.</summary>
internal sealed class TestChain
{
    // Stores calldata[32..64] at slot calldata[0..32] and emits a log with the slot as its topic.
    private static readonly byte[] s_recorderCode =
        [0x60, 0x20, 0x35, 0x60, 0x00, 0x35, 0x55, 0x60, 0x00, 0x35, 0x60, 0x00, 0x60, 0x00, 0xa1, 0x00];

    private readonly PrivateKey _proposer = Key("proposer");
    private readonly PrivateKey _sender = Key("sender");
    private ulong _nonce;

    public TestChain(string name = "ledger-test")
    {
        ImmutableArray<Address> validators = [.. Enumerable.Range(0, 4).Select(i => Key($"validator {i}").Address)];
        Assert.True(CommitteeSchedule.TryCreate(
            [new CommitteeEntry(1, validators, [_proposer.Address])], out CommitteeSchedule? schedule, out _));
        Genesis = new Genesis
        {
            Name = name,
            ChainId = 4242,
            TimestampMs = 1_700_000_000_000,
            Times = ConsensusTimes.DevNet,
            GasLimit = 30_000_000,
            BaseFeePerGas = 1_000_000_000UL,
            BaseFeeFloor = 1_000UL,
            Limits = BlockLimits.Default,
            Schedule = schedule,
            Alloc =
            [
                .. new[]
                {
                    new GenesisAccount(Sender, UInt256.Parse("1000000000000000000000"), 0, default, []),
                    new GenesisAccount(Recorder, UInt256.Zero, 1, s_recorderCode, [new(7UL, 77UL), new(8UL, UInt256.MaxValue)]),
                }.OrderBy(a => a.Address),
            ],
        };
    }

    public Genesis Genesis { get; }

    public Address Sender => _sender.Address;

    public static Address Recorder => Address.Parse("0x00000000000000000000000000000000000000cc");

    public static byte[] Certificate(ulong number) => Keccak256.Hash(BitConverter.GetBytes(number)).ToArray();

    public Transaction Pay(in Address to, ulong value) => Sign(21_000, to, value, default);

    public Transaction Record(ulong slot, ulong value) => Sign(
        100_000, Recorder, 0, (byte[])[.. new UInt256(slot).ToBigEndian(), .. new UInt256(value).ToBigEndian()]);

    /// <summary>Builds, seals and judges the next block as a node would.</summary>
    public (Block Block, BlockResult Result) Next(ChainLedger ledger, params Transaction[] transactions)
    {
        BuiltBlock built = BlockBuilder.Build(
            ledger.Head, ledger.HeadState, transactions, new BlockPlan(_proposer.Address, 0), ledger.Rules);
        Assert.Empty(built.Skipped);
        Block block = built.Seal(_proposer.Sign(built.SealDigest(ledger.Rules)));
        ExecutionOutcome outcome = BlockExecutor.Execute(block, ledger.Head, ledger.HeadState, ledger.Rules);
        Assert.True(outcome.IsValid, outcome.Fault.ToString());
        return (block, outcome.Result!);
    }

    public Block Append(ChainLedger ledger, params Transaction[] transactions)
    {
        (Block block, BlockResult result) = Next(ledger, transactions);
        ledger.Append(block, Certificate(block.Header.Number), result);
        return block;
    }

    /// <summary>A block without transactions that has these changes for its result, whatever made them.</summary>
    public static void AppendChanges(ChainLedger ledger, StateChanges changes)
    {
        CommittedState state = StateRootCalculator.Apply(ledger.HeadState, changes);
        BlockHeader header = new()
        {
            ParentHash = ledger.Head.Hash,
            Number = ledger.Head.Number + 1,
            StateRoot = state.Root,
            TransactionsRoot = Account.EmptyTrieRoot,
            ReceiptsRoot = Account.EmptyTrieRoot,
        };
        BlockResult result = new(
            state.Root, Account.EmptyTrieRoot, Account.EmptyTrieRoot, Bloom.Empty, 0, [], state.Changes, state.Tries);
        ledger.Append(new Block(header, null, []), Certificate(header.Number), result);
    }

    private Transaction Sign(ulong gas, in Address to, ulong value, ReadOnlyMemory<byte> data) => Transaction.Sign(
        UnsignedTransaction.FeeMarket(Genesis.ChainId, _nonce++, 2_000_000_000UL, 1UL, gas) with
        {
            To = to,
            Value = value,
            Data = data,
        },
        _sender);

    private static PrivateKey Key(string name)
    {
        Assert.True(PrivateKey.TryFromBytes(Keccak256.Hash(Encoding.ASCII.GetBytes(name)).ToArray(), out PrivateKey? key));
        return key;
    }
}
