using System.Buffers.Binary;
using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Execution;
using CPChain.Execution.Tests.Harness;
using CPChain.Sdk.Contracts;
using CPChain.Types;
using SystemContracts = CPChain.Sdk.Contracts.SystemContracts;

namespace CPChain.Economy.Tests.Chain;

/// <summary>
/// A chain with elections in memory: blocks are made and judged by the code of nodes, by whoever's turn it is, with every key at hand. The
/// sum of all coins is checked after each block.
/// </summary>
internal sealed class ElectionChain
{
    public const ulong ChainId = 4_242;

    // calldatacopy(0, 0, calldatasize); call(gas, the contract, 0, 0, calldatasize, 0, 0); reverts iff that did.
    private static byte[] ForwarderTo(Sdk.Contracts.SystemContract contract) =>
        Hex.Decode($"0x36600060003760006000366000600073{contract.Address.ToString()[2..]}5af1602e5760006000fd5b00");

    private readonly Dictionary<Address, PrivateKey> _keys = [];

    public ElectionChain(
        DporParameters? parameters = null, Func<EconomySettings, EconomySettings>? settings = null, int validators = 4,
        Sdk.Contracts.SystemContract? governed = null, Func<GenesisAccount, GenesisAccount>? alter = null)
    {
        Parameters = parameters ?? DporParameters.Short;
        foreach (PrivateKey key in Validators.Concat(Defaults).Concat(Users))
            _keys[key.Address] = key;
        EconomySettings plain = EconomySettings.Short with { RNodeStaySeconds = 5, CpuDifficulty = 1, MemoryDifficulty = 1 };
        EconomyGenesis economy = new()
        {
            Parameters = Parameters,
            Settings = settings is null ? plain : settings(plain),
            OriginSeconds = 1_800_000_000,
            Validators = [.. Validators.Take(validators).Select(static key => new GenesisValidator(key.Address))],
            DefaultProposers = [.. Defaults.Select(static key => key.Address)],
            Foundation = Foundation,
            Distribution = EconomyDistribution.Paper(
                Key(900).Address, [.. Users.Concat(Defaults).Select(static key => new Holding(key.Address, Units.Cpc * 10_000UL))], Key(901).Address),
        };
        Assert.True(CommitteeSchedule.TryCreate(
            [new CommitteeEntry(1, [.. Validators.Take(validators).Select(static key => key.Address)], [.. Defaults.Select(static key => key.Address)])],
            out CommitteeSchedule? schedule, out _));
        Genesis genesis = new()
        {
            Name = "elections",
            ChainId = ChainId,
            TimestampMs = economy.OriginSeconds * 1000,
            Times = ConsensusTimes.DevNet,
            GasLimit = 30_000_000,
            BaseFeePerGas = Units.Gwei,
            BaseFeeFloor = Units.Gwei,
            Limits = BlockLimits.Default,
            Schedule = schedule,
            Dpor = new DporGenesis(Parameters, Foundation),
            // In the place of votes: whoever calls governance calls by it the contract that is governed.
            Alloc =
            [
                .. economy.Accounts().Select(account =>
                    account.Address == SystemContracts.Governance.Address ? account with { Code = ForwarderTo(governed ?? SystemContracts.ValidatorSet) } : account)
                    .Select(alter ?? (static account => account)),
            ],
        };
        // Through its text, as nodes read it.
        Assert.True(Genesis.TryParse(genesis.Print(), out Genesis? read, out GenesisFault fault), fault.ToString());
        Genesis = read;
        (Block block, BlockResult result, Rules) = GenesisState.Create(read);
        Head = block.Header;
        State = new MemoryState().Become(block, result);
        Assert.Equal(EconomyGenesis.Supply, State.SumOfBalances());
    }

    public static ImmutableArray<PrivateKey> Validators { get; } = [.. Enumerable.Range(1, 8).Select(Key)];

    public static ImmutableArray<PrivateKey> Defaults { get; } = [.. Enumerable.Range(11, 3).Select(Key)];

    public static ImmutableArray<PrivateKey> Users { get; } = [.. Enumerable.Range(21, 8).Select(Key)];

    public static Address Foundation { get; } = Key(902).Address;

    public DporParameters Parameters { get; }

    public Genesis Genesis { get; }

    public ChainRules Rules { get; }

    public BlockHeader Head { get; private set; }

    public MemoryState State { get; }

    /// <summary>All blocks from number 1 on.</summary>
    public List<Block> Blocks { get; } = [];

    public StoredView View => new(new StateWords(State));

    public Turn Turn => Rules.Committees.TurnOf(Head.Number + 1, State);

    public ulong Term => Parameters.Terms.TermOf(Head.Number + 1);

    public static PrivateKey Key(int number)
    {
        byte[] bytes = new byte[32];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(28), number);
        Assert.True(PrivateKey.TryFromBytes(bytes, out PrivateKey? key));
        return key;
    }

    public UInt256 BalanceOf(Address account) => State.TryGetAccount(account, out Account found) ? found.Balance : UInt256.Zero;

    /// <summary>The secret's commitment of a key for a term.</summary>
    public Hash256 CommitmentOf(PrivateKey key, ulong term) =>
        RevealSecret.CommitmentOf(key, Rules.GenesisHash, term, Parameters.Terms.Length);

    public Transaction Call(PrivateKey user, SystemContract contract, string function, UInt256 value, params object[] arguments) =>
        Send(user, contract.Address, value, contract.Abi.Function(function).EncodeCall(arguments), 3_000_000);

    public Transaction Send(PrivateKey user, Address to, UInt256 value, ReadOnlyMemory<byte> data = default, ulong gas = 21_000, int ahead = 0)
    {
        ulong nonce = (State.TryGetAccount(user.Address, out Account account) ? account.Nonce : 0) + (ulong)ahead;
        UnsignedTransaction unsigned = UnsignedTransaction.FeeMarket(ChainId, nonce, Units.Gwei * 20UL, Units.Gwei, gas) with
        {
            To = to,
            Value = value,
            Data = data,
        };
        return Transaction.Sign(unsigned, user);
    }

    /// <summary>Governance names the validators of a term.</summary>
    public Transaction NameValidators(PrivateKey sender, ulong term, params IReadOnlyList<Address> members) => Send(
        sender, SystemContracts.Governance.Address, UInt256.Zero,
        SystemContracts.ValidatorSet.Abi.Function("schedule").EncodeCall(
            term, members.ToArray(), Enumerable.Repeat((byte)Nominator.Foundation, members.Count).ToArray()), 3_000_000);

    /// <summary>What the proposer of the next number reveals.</summary>
    public byte[] Reveal()
    {
        if (Turn.Commitment.IsZero) return [];
        Terms terms = Parameters.Terms;
        Hash256 secret = RevealSecret.Of(_keys[Turn.Proposer], Rules.GenesisHash, Term);
        return TermSeed.Reveal(secret, terms.Length, terms.OffsetOf(Head.Number + 1)).ToArray();
    }

    /// <summary>The next block as its proposer makes it.</summary>
    public Block Build(params IEnumerable<Transaction> transactions) => Build(Turn.Proposer, Reveal(), transactions);

    public Block Build(Address coinbase, byte[] extra, IEnumerable<Transaction> transactions)
    {
        BuiltBlock built = BlockBuilder.Build(Head, State, transactions, new BlockPlan(coinbase, 0, extra), Rules);
        Assert.True(built.Skipped.IsEmpty, string.Join(", ", built.Skipped.Select(static one => one.Fault.Text())));
        return built.Seal(_keys[coinbase].Sign(built.SealDigest(Rules)));
    }

    /// <summary>A block with another extra field, sealed anew by its proposer.</summary>
    public Block WithExtra(Block block, byte[] extra)
    {
        BlockHeader header = block.Header with { Extra = extra };
        return new Block(
            header, _keys[header.Coinbase].Sign(SealDigest.Of(Rules.GenesisHash, ChainId, header.Number, header.Hash)), block.Transactions);
    }

    public ExecutionOutcome Judge(Block block) => BlockExecutor.Execute(block, Head, State, Rules);

    /// <summary>Makes the next block; every transaction must succeed.</summary>
    public BlockResult Make(params IEnumerable<Transaction> transactions)
    {
        BlockResult result = Append(Build(transactions));
        Assert.All(result.Receipts, receipt => Assert.True(receipt.Success, $"a transaction of block {Head.Number} reverted"));
        return result;
    }

    /// <summary>The next number is impeached.</summary>
    public BlockResult Impeach() => Append(ImpeachBlock.Create(Head, State, Rules).Block);

    /// <summary>Makes empty blocks until a number is the head.</summary>
    public void RunTo(ulong number)
    {
        while (Head.Number < number)
            Make();
    }

    public BlockResult Append(Block block)
    {
        ExecutionOutcome outcome = Judge(block);
        Assert.True(outcome.IsValid, $"block {block.Number}: {outcome.Fault}");
        State.Become(block, outcome.Result!);
        Head = block.Header;
        Blocks.Add(block);
        Assert.Equal(EconomyGenesis.Supply, State.SumOfBalances());
        return outcome.Result!;
    }

    /// <summary>Joins the RNode pool with the least deposit.</summary>
    public Transaction Join(PrivateKey user) => Call(user, SystemContracts.RNodePool, "join", Parameters.RNodeDeposit, 1U);

    /// <summary>Claims with proofs of the head; T is the term of the next block.</summary>
    public Transaction Claim(PrivateKey user, int terms)
    {
        ulong Solve(AdmissionWork work, int difficulty) => new AdmissionSolver(work, user.Address, Head.Hash, difficulty).Find()!.Value;

        byte[][] commitments = [.. Enumerable.Range(0, terms).Select(i => CommitmentOf(user, Term + 4 + (ulong)i).ToArray())];
        return Call(
            user, SystemContracts.Campaign, "claim", UInt256.Zero, (byte)terms, commitments,
            Solve(AdmissionWork.Processor, 1), Head.Number,
            Solve(AdmissionWork.Memory, 1), Head.Number, 1U);
    }
}
