using System.Buffers.Binary;
using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Execution.Tests.Harness;

/// <summary>A chain in memory: genesis, keys, and blocks made and judged by the code under test.</summary>
internal sealed class TestChain
{
    public const ulong ChainId = 41;

    public static readonly UInt256 Gwei = Units.Gwei;

    public TestChain(Func<Genesis, Genesis>? change = null)
    {
        Genesis = GenesisOf(change);
        (Block block, BlockResult result, Rules) = GenesisState.Create(Genesis);
        Head = block.Header;
        State = new MemoryState().After(block, result);
    }

    public static ImmutableArray<PrivateKey> Validators { get; } = [.. Enumerable.Range(1, 4).Select(Key)];

    public static ImmutableArray<PrivateKey> Proposers { get; } = [.. Enumerable.Range(11, 2).Select(Key)];

    public static ImmutableArray<PrivateKey> Users { get; } = [.. Enumerable.Range(21, 8).Select(Key)];

    public Genesis Genesis { get; }

    public ChainRules Rules { get; }

    public BlockHeader Head { get; private set; }

    public MemoryState State { get; private set; }

    public static PrivateKey Key(int number)
    {
        byte[] bytes = new byte[32];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(28), number);
        Assert.True(PrivateKey.TryFromBytes(bytes, out PrivateKey? key));
        return key;
    }

    public static Genesis GenesisOf(Func<Genesis, Genesis>? change = null)
    {
        Assert.True(CommitteeSchedule.TryCreate(
            [
                new CommitteeEntry(
                    1,
                    [.. Validators.Select(key => key.Address)],
                    [.. Proposers.Select(key => key.Address)]),
            ],
            out CommitteeSchedule? schedule,
            out _));
        Genesis genesis = new()
        {
            Name = "test",
            ChainId = ChainId,
            TimestampMs = 1_700_000_000_000,
            Times = ConsensusTimes.DevNet,
            GasLimit = 30_000_000,
            BaseFeePerGas = Gwei,
            BaseFeeFloor = Gwei,
            Limits = BlockLimits.Default,
            Schedule = schedule,
            Alloc =
            [
                .. Users.Select(key => new GenesisAccount(key.Address, 1_000UL * Units.Cpc, 0, default, []))
                    .OrderBy(account => account.Address),
            ],
        };
        return change is null ? genesis : change(genesis);
    }

    /// <summary>A genesis with one more account.</summary>
    public static Genesis With(Genesis genesis, GenesisAccount account) =>
        genesis with { Alloc = [.. genesis.Alloc.Append(account).OrderBy(one => one.Address)] };

    public static Genesis WithCode(Genesis genesis, Address at, string codeHex) =>
        With(genesis, new GenesisAccount(at, UInt256.Zero, 1, Hex.Decode(codeHex), []));

    public Turn TurnOf(ulong number) => Rules.Committees.TurnOf(number, State);

    public PrivateKey ProposerOf(ulong number) => Proposers.Single(key => key.Address == TurnOf(number).Proposer);

    public ulong NonceOf(PrivateKey user) => State.TryGetAccount(user.Address, out Account account) ? account.Nonce : 0;

    public UInt256 BalanceOf(Address address) =>
        State.TryGetAccount(address, out Account account) ? account.Balance : UInt256.Zero;

    public UnsignedTransaction Call(
        PrivateKey user, Address? to, ulong gas = 21_000, UInt256 value = default, ReadOnlyMemory<byte> data = default) =>
        UnsignedTransaction.FeeMarket(ChainId, NonceOf(user), 10UL * Gwei, Gwei, gas) with
        {
            To = to,
            Value = value,
            Data = data,
        };

    public Block Build(params IEnumerable<Transaction> transactions) => Build(transactions, out _);

    public Block Build(IEnumerable<Transaction> transactions, out BuiltBlock built)
    {
        PrivateKey proposer = ProposerOf(Head.Number + 1);
        built = BlockBuilder.Build(Head, State, transactions, new BlockPlan(proposer.Address, 0), Rules);
        return built.Seal(proposer.Sign(built.SealDigest(Rules)));
    }

    public ExecutionOutcome Judge(Block block) => BlockExecutor.Execute(block, Head, State, Rules);

    /// <summary>Judges the block, which must be valid, and makes it the head.</summary>
    public BlockResult Append(Block block)
    {
        ExecutionOutcome outcome = Judge(block);
        Assert.True(outcome.IsValid, outcome.Fault.ToString());
        State = State.After(block, outcome.Result!);
        Head = block.Header;
        return outcome.Result!;
    }

    /// <summary>Runs the transactions, all of which must be valid, in one block.</summary>
    public BlockResult Run(params Transaction[] transactions)
    {
        Block block = Build(transactions, out BuiltBlock built);
        Assert.True(built.Skipped.IsEmpty, string.Join(", ", built.Skipped.Select(one => one.Fault.Text())));
        Assert.Equal(transactions.Length, block.Transactions.Length);
        return Append(block);
    }

    /// <summary>Why a transaction does not go into the next block.</summary>
    public ValidityFault FaultOf(Transaction transaction)
    {
        Build([transaction], out BuiltBlock built);
        return built.Skipped.IsEmpty ? ValidityFault.None : built.Skipped[0].Fault;
    }

    /// <summary>The header changed and sealed anew by the right proposer.</summary>
    public Block Reseal(Block block, Func<BlockHeader, BlockHeader> change)
    {
        BlockHeader header = change(block.Header);
        PrivateKey proposer = ProposerOf(block.Header.Number);
        Hash256 digest = SealDigest.Of(Rules.GenesisHash, Rules.ChainId, header.Number, header.Hash);
        return block with { Header = header, Seal = proposer.Sign(digest) };
    }
}
