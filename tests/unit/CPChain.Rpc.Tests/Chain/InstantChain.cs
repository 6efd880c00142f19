using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Execution;
using CPChain.Ledger;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Sdk.Contracts;
using CPChain.Storage;
using CPChain.TxPool;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Chain;

/// <summary>
/// A real ledger, executor and pool without consensus: a block is made of what waits whenever the test says so, or as soon
/// as a transaction comes in. Time moves only when the test moves it, a period a block.
/// </summary>
internal sealed class InstantChain : IAsyncDisposable
{
    public const ulong ChainId = 4_107;
    public const ulong StartMs = 1_800_000_000_000;

    private static readonly PrivateKey s_proposer = Key(99);
    private static readonly PrivateKey[] s_validators = [Key(201), Key(202), Key(203), Key(204)];
    private readonly Lock _sealing = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("cpchain-rpc-").FullName;
    private ulong _nowMs = StartMs;

    private readonly Func<Turn, (PrivateKey Key, ReadOnlyMemory<byte> Extra)> _plan;

    /// <param name="sealsAtOnce">Whether each transaction makes a block.</param>
    /// <param name="change">Made to the genesis.</param>
    /// <param name="plan">Key and extra of whose number it is; one proposer for all by default.</param>
    /// <param name="historyBlocks">Blocks whose states are kept.</param>
    public InstantChain(
        bool sealsAtOnce = false, Func<Genesis, Genesis>? change = null,
        Func<Turn, (PrivateKey Key, ReadOnlyMemory<byte> Extra)>? plan = null, ulong historyBlocks = 256)
    {
        _plan = plan ?? (static _ => (s_proposer, default));
        Genesis = change is null ? DefaultGenesis() : change(DefaultGenesis());
        Ledger = ChainLedger.Open(new InMemoryStore(ChainLedger.Format), Genesis, new LedgerOptions { HistoryBlocks = historyBlocks });
        Pool = TransactionPool.Open(Path.Combine(_folder, "pool"), new PoolOptions(), Ledger.Rules, Ledger.Head, Ledger.HeadState);
        if (sealsAtOnce) Pool.Accepted += _ => Seal();
    }

    /// <summary>Accounts with a million CPC each.</summary>
    public static ImmutableArray<PrivateKey> Rich { get; } = [.. Enumerable.Range(1, 10).Select(Key)];

    /// <summary>Who certifies its blocks.</summary>
    public static ImmutableArray<Address> Validators { get; } = [.. s_validators.Select(v => v.Address)];

    public Genesis Genesis { get; }

    public ChainLedger Ledger { get; }

    public TransactionPool Pool { get; }

    /// <summary>The time that the next block will have.</summary>
    public ulong NextMs => Math.Max(_nowMs, Ledger.Head.TimestampMs + Ledger.Rules.PeriodMs);

    public ulong NowSeconds => Ledger.Head.TimestampMs / 1_000;

    public static PrivateKey Key(int number)
    {
        byte[] bytes = new byte[32];
        (bytes[30], bytes[31]) = ((byte)(number >> 8), (byte)(number & 0xff));
        return PrivateKey.TryFromBytes(bytes, out PrivateKey? key) ? key : throw new InvalidOperationException("no key");
    }

    /// <summary>The next block's time; the chain's own rule raises it where it is too early.</summary>
    public void MoveTime(TimeSpan by) => _nowMs = Ledger.Head.TimestampMs + (ulong)by.TotalMilliseconds;

    /// <summary>Makes a block of the best that waits, and returns it.</summary>
    public Block Seal() => Seal(Pool.BestForBlock());

    /// <summary>Makes a block of these transactions; all of them must be valid.</summary>
    public Block SealExactly(params Transaction[] transactions)
    {
        Block block = Seal(transactions);
        Assert.Equal(transactions.Length, block.Transactions.Length);
        return block;
    }

    /// <summary>Makes the impeach block.</summary>
    public Block SealImpeach()
    {
        lock (_sealing)
        {
            (Block block, BlockResult result) = ImpeachBlock.Create(Ledger.Head, Ledger.HeadState, Ledger.Rules);
            return Append(block, result);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync();
        Ledger.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Genesis DefaultGenesis()
    {
        Assert.True(CommitteeSchedule.TryCreate(
            [new CommitteeEntry(1, Validators, [s_proposer.Address])], out CommitteeSchedule? schedule, out _));
        IEnumerable<GenesisAccount> rich = Rich.Select(k => new GenesisAccount(k.Address, Units.Cpc * 1_000_000UL, 0, default, []));
        IEnumerable<GenesisAccount> system = SystemContracts.All.Select(c => new GenesisAccount(c.Address, UInt256.Zero, 1, c.RuntimeCode, []));
        return new Genesis
        {
            Name = "instant",
            ChainId = ChainId,
            TimestampMs = StartMs,
            Times = ConsensusTimes.DevNet,
            GasLimit = 60_000_000,
            BaseFeePerGas = Units.Gwei,
            BaseFeeFloor = Units.Gwei,
            Limits = BlockLimits.Default,
            Schedule = schedule!,
            Alloc = [.. rich.Concat(system).OrderBy(a => a.Address)],
        };
    }

    private Block Seal(IEnumerable<Transaction> candidates)
    {
        lock (_sealing)
        {
            (PrivateKey key, ReadOnlyMemory<byte> extra) = _plan(Ledger.Rules.Committees.TurnOf(Ledger.Head.Number + 1, Ledger.HeadState));
            BuiltBlock built = BlockBuilder.Build(
                Ledger.Head, Ledger.HeadState, candidates, new BlockPlan(key.Address, _nowMs, extra), Ledger.Rules);
            return Append(built.Seal(key.Sign(built.SealDigest(Ledger.Rules))), built.Result);
        }
    }

    private Block Append(Block block, BlockResult result)
    {
        ExecutionOutcome judged = BlockExecutor.Execute(block, Ledger.Head, Ledger.HeadState, Ledger.Rules);
        Assert.True(judged.IsValid, judged.Fault.ToString());
        Ledger.Append(block, CertificateOf(block), result);
        Pool.OnFinal(block, result, Ledger.HeadState);
        _nowMs = block.Header.TimestampMs;
        return block;
    }

    /// <summary>Three of four seats, in round 0, or in round 1 for the impeach block.</summary>
    private byte[] CertificateOf(Block block) => CertificateOf(block.Header, [0, 1, 3]);

    /// <summary>The signatures of some seats.</summary>
    public byte[] CertificateOf(BlockHeader header, int[] seats)
    {
        int round = header.IsImpeach ? 1 : 0;
        ChainDomain domain = new(Ledger.Rules.GenesisHash, ChainId);
        Hash256 digest = Statement.Vote(VoteClass.Commit, new BlockNumber(header.Number), round, header.Hash).Digest(domain);
        return CertificateCodec.Encode(new Certificate(
            VoteClass.Commit, new BlockNumber(header.Number), round, header.Hash, CommitteeSize.Of(4),
            seats.Aggregate(default(SeatSet), (set, seat) => set.With(new Seat(seat))), ValueArray<int>.Empty,
            ValueArray<Signature>.Of([.. seats.Select(seat => s_validators[seat].Sign(digest))])));
    }
}
