using System.Buffers.Binary;
using System.Collections.Immutable;
using CPChain.App.Demo;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Ledger;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.App.Bench;

/// <summary>A ledger on the disk with many accounts, of which the first have keys here, and a proposer for its next blocks.</summary>
internal sealed class BenchChain : IDisposable
{
    public const int TransfersInBlock = 10_000;

    // Far below the first term whose committee the blocks before would have had to elect: those that make accounts elect nobody.
    private const int SetUpBlocks = 20;

    private static readonly UInt256 Funds = Units.Cpc * 1_000UL;
    private static readonly UInt256 FeeCap = Units.Gwei * 1_000UL;

    private readonly DemoFolder folder = DemoFolder.Create(keep: null);
    private readonly PrivateKey proposer = Key(uint.MaxValue);
    private readonly PrivateKey[] keys;
    private readonly ulong[] nonces;
    private readonly Address[] addresses;
    private readonly Genesis genesis;
    private readonly Sequence random = new(1);

    /// <summary>Puts <paramref name="accounts"/> accounts on the chain, by a few large blocks.</summary>
    public BenchChain(int accounts, int keyed, LedgerOptions options, Action<string> progress)
    {
        progress($"making {accounts} accounts");
        keys = [.. Enumerable.Range(0, keyed).AsParallel().AsOrdered().Select(index => Key((uint)index))];
        nonces = new ulong[keyed];
        addresses = [.. Enumerable.Range(0, accounts).Select(index => index < keyed ? keys[index].Address : Unowned(index))];
        genesis = MakeGenesis();
        Ledger = ChainLedger.OpenDirectory(Path, genesis, options);
        foreach (Address[] part in addresses.Chunk((accounts + SetUpBlocks - 1) / SetUpBlocks))
        {
            Append(Changed(part.Select(address => new AccountChange(address, Account.Empty with { Balance = Funds }))));
        }
    }

    public string Path => System.IO.Path.Combine(folder.Path, "ledger");

    public ChainLedger Ledger { get; private set; }

    /// <summary>Those that were put on the chain.</summary>
    public ImmutableArray<Address> Accounts => [.. addresses];

    /// <summary>The one default proposer.</summary>
    public Address Proposer => proposer.Address;

    /// <summary>The next block: transfers between accounts drawn at random, each sender once.</summary>
    public Block MakeBlock()
    {
        HashSet<int> senders = [];
        while (senders.Count < TransfersInBlock)
        {
            senders.Add(random.Below(keys.Length));
        }

        Transaction[] signed = [.. senders.Select(sender => (Sender: sender, To: addresses[random.Below(addresses.Length)]))
            .AsParallel().AsOrdered().Select(one => Sign(one.Sender, nonces[one.Sender], one.To))];
        BuiltBlock built = BlockBuilder.Build(Ledger.Head, Ledger.HeadState, signed, new BlockPlan(proposer.Address, 0), Ledger.Rules);
        if (built.Transactions.Length != TransfersInBlock) throw new InvalidOperationException("not all transfers went into the block");
        foreach (int sender in senders) nonces[sender]++;
        return built.Seal(proposer.Sign(built.SealDigest(Ledger.Rules)));
    }

    /// <summary>The next block, without transactions.</summary>
    public Block MakeEmptyBlock()
    {
        BuiltBlock built = BlockBuilder.Build(Ledger.Head, Ledger.HeadState, [], new BlockPlan(proposer.Address, 0), Ledger.Rules);
        return built.Seal(proposer.Sign(built.SealDigest(Ledger.Rules)));
    }

    /// <summary>So many transfers of each keyed account, their nonces in order.</summary>
    public Transaction[] SignMany(int each)
    {
        Transaction[][] perSender = [.. Enumerable.Range(0, keys.Length).AsParallel().AsOrdered().Select(sender =>
            Enumerable.Range(0, each).Select(nonce => Sign(sender, (ulong)nonce, addresses[(sender + 1) % addresses.Length])).ToArray())];
        return [.. Enumerable.Range(0, each).SelectMany(nonce => perSender.Select(mine => mine[nonce]))];
    }

    /// <summary>Other balances for accounts drawn at random.</summary>
    public StateChanges MakeChanges(int count)
    {
        HashSet<int> chosen = [];
        while (chosen.Count < count)
        {
            chosen.Add(random.Below(addresses.Length));
        }

        LedgerState state = Ledger.HeadState;
        return Changed(chosen.Select(index => state.TryGetAccount(addresses[index], out Account account)
            ? new AccountChange(addresses[index], account with { Balance = account.Balance + UInt256.One })
            : throw new InvalidOperationException("an account is missing")));
    }

    /// <summary>Works out the state after these changes and puts it on the chain, as a block that has nothing else.</summary>
    public void Append(StateChanges changes)
    {
        CommittedState state = StateRootCalculator.Apply(Ledger.HeadState, changes);
        BlockHeader header = new()
        {
            ParentHash = Ledger.Head.Hash,
            Number = Ledger.Head.Number + 1,
            StateRoot = state.Root,
            TransactionsRoot = Account.EmptyTrieRoot,
            ReceiptsRoot = Account.EmptyTrieRoot,
            GasLimit = genesis.GasLimit,
            BaseFeePerGas = genesis.BaseFeePerGas,
            TimestampMs = Ledger.Head.TimestampMs + 1,
        };
        Ledger.Append(new Block(header, null, []), Certificate, new BlockResult(
            state.Root, Account.EmptyTrieRoot, Account.EmptyTrieRoot, Bloom.Empty, 0, [], state.Changes, state.Tries));
    }

    /// <summary>Bytes as long as a certificate of five signatures.</summary>
    public static byte[] Certificate { get; } = new byte[400];

    /// <summary>Opens the ledger anew, with nothing in the caches of this process.</summary>
    public void Reopen(LedgerOptions options)
    {
        Ledger.Dispose();
        Ledger = ChainLedger.OpenDirectory(Path, genesis, options);
    }

    public void Dispose()
    {
        Ledger.Dispose();
        folder.Dispose();
        proposer.Dispose();
        foreach (PrivateKey key in keys) key.Dispose();
    }

    public static PrivateKey Key(uint index)
    {
        byte[] seed = new byte[5];
        BinaryPrimitives.WriteUInt32BigEndian(seed, index);
        return PrivateKey.TryFromBytes(Keccak256.Hash(seed).ToArray(), out PrivateKey? key) ? key : throw new InvalidOperationException("no key");
    }

    private Transaction Sign(int sender, ulong nonce, in Address to) => Transaction.Sign(
        UnsignedTransaction.FeeMarket(genesis.ChainId, nonce, FeeCap, Units.Gwei, 21_000) with { To = to, Value = UInt256.One },
        keys[sender]);

    private static StateChanges Changed(IEnumerable<AccountChange> accounts) =>
        new([.. accounts.OrderBy(change => change.Address)], [], [], []);

    private static Address Unowned(int index)
    {
        byte[] seed = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(seed, index);
        return Address.FromBytes(Keccak256.Hash(seed).ToArray().AsSpan(12));
    }

    private Genesis MakeGenesis()
    {
        ImmutableArray<Address> validators = [.. Enumerable.Range(0, 4).Select(index => Unowned(-1 - index))];
        if (!CommitteeSchedule.TryCreate([new CommitteeEntry(1, validators, [proposer.Address])], out CommitteeSchedule? schedule, out _))
            throw new InvalidOperationException("no schedule");
        // As chains are: fees divided, deeds counted, at the end of each block. Other accounts are made by blocks.
        Address foundation = Unowned(-100);
        EconomyGenesis economy = new()
        {
            Parameters = DporParameters.Main,
            Settings = EconomySettings.Main,
            OriginSeconds = 1_800_000_000,
            Validators = [.. validators.Select(static account => new GenesisValidator(account))],
            DefaultProposers = [proposer.Address],
            Foundation = foundation,
            Distribution = EconomyDistribution.Paper(Unowned(-101), [], foundation),
        };
        return new Genesis
        {
            Name = "bench",
            ChainId = 4_108,
            TimestampMs = 1_800_000_000_000,
            Times = ConsensusTimes.DevNet,
            GasLimit = BlockLimits.Default.GasMax,
            BaseFeePerGas = Units.Gwei,
            BaseFeeFloor = Units.Gwei,
            Limits = BlockLimits.Default,
            Schedule = schedule,
            Dpor = new DporGenesis(economy.Parameters, foundation),
            Alloc = economy.Accounts(),
        };
    }

    // SplitMix64: the same blocks in every run.
    private sealed class Sequence(ulong seed)
    {
        private ulong state = seed;

        public int Below(int bound)
        {
            ulong z = unchecked(state += 0x9e3779b97f4a7c15);
            z = unchecked((z ^ (z >> 30)) * 0xbf58476d1ce4e5b9);
            z = unchecked((z ^ (z >> 27)) * 0x94d049bb133111eb);
            return (int)((z ^ (z >> 31)) % (ulong)bound);
        }
    }
}
