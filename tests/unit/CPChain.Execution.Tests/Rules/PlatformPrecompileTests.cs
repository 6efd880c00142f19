using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Evm;
using CPChain.Execution.Tests.Harness;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Execution.Tests.Rules;

/// <summary>D12.2 and D16.4: the platform's precompiled contracts, called as on a chain that has them.</summary>
public sealed class PlatformPrecompileTests
{
    private const int Processor = 0x0c0e01;
    private const int Memory = 0x0c0e02;
    private const int Evidence = 0x0c0e03;
    private const ulong Gas = 5_000_000;
    private const int Difficulty = 4;

    private static readonly TestChain Chain = new();
    private static readonly ChainDomain Domain = new(Chain.Rules.GenesisHash, Chain.Rules.ChainId);
    private static readonly ChainRules Rules =
        Chain.Rules with { Platform = PlatformPrecompiles.Of(Chain.Rules.GenesisHash, Chain.Rules.ChainId) };

    private static readonly PrivateKey Alice = TestChain.Users[0];
    private static readonly Hash256 Block = Keccak256.Hash("block"u8);
    private static readonly BlockNumber Number = new(77);

    [Fact]
    public void A_chain_without_them_has_nothing_there()
    {
        foreach (int number in new[] { Processor, Memory, Evidence })
        {
            CallOutcome outcome = CallSimulator.Call(Chain.State, Chain.Head, Request(number, [1, 2, 3]), Chain.Rules);
            Assert.True(outcome.IsSuccess);
            Assert.Equal(0, outcome.Output.Length);
            Assert.False(Call(number, [1, 2, 3]).IsSuccess);
        }
    }

    [Theory]
    [InlineData(Processor, AdmissionWork.Processor, 100)]
    [InlineData(Memory, AdmissionWork.Memory, 800_000)]
    public void D12_2_says_whether_a_proof_is_right_and_takes_its_gas(int number, AdmissionWork work, ulong gas)
    {
        ulong nonce = new AdmissionSolver(work, Alice.Address, Block, Difficulty).Find() ?? throw new InvalidOperationException();
        ulong wrong = Enumerable.Range(0, 1000).Select(static i => (ulong)i)
            .First(i => !AdmissionProof.IsRight(work, Alice.Address, Block, i, Difficulty));

        Assert.Equal(UInt256.One, Answer(number, Input(Alice.Address, nonce, Block, Difficulty)));
        Assert.Equal(UInt256.One, Answer(number, Input(Alice.Address, nonce, Block, 1)));
        Assert.Equal(UInt256.Zero, Answer(number, Input(Alice.Address, wrong, Block, Difficulty)));
        Assert.Equal(UInt256.Zero, Answer(number, Input(Alice.Address, nonce, Block, 64)));
        Assert.Equal(UInt256.Zero, Answer(number, Input(Alice.Address, nonce, Block, 63)));
        Assert.Equal(gas, GasOf(number, Input(Alice.Address, nonce, Block, Difficulty)));
        Assert.Equal(gas, GasOf(number, Input(Alice.Address, wrong, Block, Difficulty)));
        Assert.Equal(Gas, GasOf(number, []));
    }

    [Theory]
    [InlineData(Processor)]
    [InlineData(Memory)]
    public void D12_2_refuses_every_other_input(int number)
    {
        byte[] good = Input(Alice.Address, 1, Block, Difficulty);
        MustFail(number, []);
        MustFail(number, good[..127]);
        MustFail(number, [.. good, 0]);
        MustFail(number, [.. good, .. good]);
        MustFail(number, With(good, 0)); // account: 12 bytes before it
        MustFail(number, With(good, 11));
        MustFail(number, With(good, 32)); // nonce: 24 bytes before it
        MustFail(number, With(good, 55));
        MustFail(number, With(good, 96)); // difficulty
        MustFail(number, With(good, 126));
        MustFail(number, Input(Alice.Address, 1, Block, 0));
        MustFail(number, Input(Alice.Address, 1, Block, 65));
    }

    public static TheoryData<int> Offences => [1, 2, 3, 4, 5];

    [Theory]
    [MemberData(nameof(Offences))]
    public void D16_4_names_signer_number_and_offence(int offence)
    {
        (Statement first, Statement second) = PairOf((MisconductKind)offence);
        foreach (byte[] proof in new[] { Proof(first, second), Proof(second, first) })
        {
            CallOutcome outcome = Call(Evidence, proof);
            Assert.True(outcome.IsSuccess);
            Assert.Equal(96, outcome.Output.Length);
            Assert.Equal(Alice.Address.ToUInt256(), UInt256.FromBigEndian(outcome.Output.Span[..32]));
            Assert.Equal((UInt256)Number.Value, UInt256.FromBigEndian(outcome.Output.Span[32..64]));
            Assert.Equal((UInt256)(ulong)offence, UInt256.FromBigEndian(outcome.Output.Span[64..]));
            Assert.Equal(6_200UL, GasOf(Evidence, proof));
        }
    }

    [Theory]
    [MemberData(nameof(Offences))]
    public void D16_4_refuses_what_is_nearly_a_proof(int offence)
    {
        (Statement first, Statement second) = PairOf((MisconductKind)offence);
        byte[] proof = Proof(first, second);
        MustFail(Evidence, Proof(first, first));
        MustFail(Evidence, Proof(first, second with { Height = new BlockNumber(78) }));
        MustFail(Evidence, proof[..^1]);
        MustFail(Evidence, [.. proof, 0]);
        MustFail(Evidence, [0, .. proof[1..]]);
        MustFail(Evidence, Bytes(Sign(Alice, first, Domain), Sign(TestChain.Users[1], second, Domain)));
        ChainDomain other = Domain with { ChainId = Domain.ChainId + 1 };
        MustFail(Evidence, Bytes(Sign(Alice, first, other), Sign(Alice, second, other)));
        MustFail(Evidence, Bytes(Sign(Alice, first, Domain), Sign(Alice, second, other)));

        SignedStatement low = Sign(Alice, second, Domain);
        Signature high = new(low.Signature.R, Signature.GroupOrder - low.Signature.S, (byte)(low.Signature.V ^ 1));
        MustFail(Evidence, Bytes(Sign(Alice, first, Domain), low with { Signature = high }));
    }

    [Fact]
    public void D16_4_refuses_what_is_no_proof_at_all()
    {
        MustFail(Evidence, []);
        MustFail(Evidence, new byte[MisconductCodec.Length]);
        MustFail(Evidence, new byte[4096]);
        MustFail(Evidence, [.. Enumerable.Repeat((byte)0xff, MisconductCodec.Length)]);
    }

    // The seal that a proposer makes of its block is the statement of a proof (L2.4).
    [Fact]
    public void D16_4_convicts_by_the_seals_of_two_blocks()
    {
        PrivateKey proposer = Chain.ProposerOf(1);
        SignedStatement[] seals = [.. new byte[] { 1, 2 }.Select(extra =>
        {
            BuiltBlock built = BlockBuilder.Build(Chain.Head, Chain.State, [], new BlockPlan(proposer.Address, 0, new[] { extra }), Chain.Rules);
            return new SignedStatement(
                new Statement(StatementKind.Seal, new BlockNumber(1), 0, built.Header.Hash), proposer.Sign(built.SealDigest(Chain.Rules)));
        })];

        CallOutcome outcome = Call(Evidence, Bytes(seals[0], seals[1]));
        Assert.True(outcome.IsSuccess);
        Assert.Equal(proposer.Address.ToUInt256(), UInt256.FromBigEndian(outcome.Output.Span[..32]));
        Assert.Equal(UInt256.One, UInt256.FromBigEndian(outcome.Output.Span[32..64]));
        Assert.Equal((UInt256)4UL, UInt256.FromBigEndian(outcome.Output.Span[64..]));
    }

    [Fact]
    public void C13_3_a_block_counts_their_gas_as_heavy()
    {
        byte[] proof = Input(Alice.Address, 1, Block, Difficulty);
        ChainRules tight = Rules with { HeavyGasMax = 1_600_000 };
        Transaction[] calls = [.. TestChain.Users[..3].Select(user => Transaction.Sign(
            Chain.Call(user, Address.FromUInt256((ulong)Memory), 1_000_000, data: proof), user))];

        BuiltBlock built = BlockBuilder.Build(Chain.Head, Chain.State, calls, new BlockPlan(Chain.ProposerOf(1).Address, 0), tight);
        Assert.Equal(calls[..2], built.Transactions);
        Assert.Empty(built.Skipped);
        // The same rules without the contracts share their idle machines, which must not be mixed up.
        Assert.Equal(3, BlockBuilder.Build(
            Chain.Head, Chain.State, calls, new BlockPlan(Chain.ProposerOf(1).Address, 0), tight with { Platform = [] }).Transactions.Length);
    }

    [Fact]
    public void They_need_no_place_in_an_access_list()
    {
        // PUSH2 3, PUSH3 0x0c0e01, BALANCE of it, STOP: an account that is looked at.
        TestChain chain = new(genesis => TestChain.WithCode(genesis, Address.FromUInt256(0xaaaaUL), "620c0e013100"));
        ChainRules rules = chain.Rules with { Platform = Rules.Platform };
        CallRequest request = new() { From = Alice.Address, To = Address.FromUInt256(0xaaaaUL) };
        Assert.Empty(CallSimulator.ProposeAccessList(chain.State, chain.Head, request, rules).AccessList);
        Assert.Single(CallSimulator.ProposeAccessList(chain.State, chain.Head, request, chain.Rules).AccessList);
    }

    private static (Statement First, Statement Second) PairOf(MisconductKind kind)
    {
        Hash256 b = Keccak256.Hash("b"u8), c = Keccak256.Hash("c"u8);
        return kind switch
        {
            MisconductKind.TwoPrepares => (Said(StatementKind.Prepare, 0, b), Said(StatementKind.Prepare, 0, c)),
            MisconductKind.TwoCommits => (Said(StatementKind.ImpeachCommit, 2, b), Said(StatementKind.ImpeachCommit, 2, c)),
            MisconductKind.PreparedAgainstCommit => (Said(StatementKind.Commit, 0, b), Said(StatementKind.ImpeachPrepare, 1, c)),
            MisconductKind.TwoSeals => (Said(StatementKind.Seal, 0, b), Said(StatementKind.Seal, 0, c)),
            _ => (Said(StatementKind.Propose, 2, b), Said(StatementKind.Propose, 2, c)),
        };
    }

    private static Statement Said(StatementKind kind, int round, Hash256 hash) => new(kind, Number, round, hash);

    private static SignedStatement Sign(PrivateKey key, Statement statement, in ChainDomain domain) =>
        new(statement, key.Sign(statement.Digest(domain)));

    private static byte[] Proof(Statement first, Statement second) =>
        Bytes(Sign(Alice, first, Domain), Sign(Alice, second, Domain));

    private static byte[] Bytes(SignedStatement first, SignedStatement second) =>
        MisconductCodec.Encode(new Misconduct(MisconductKind.TwoSeals, first, second));

    private static byte[] Input(Address account, ulong nonce, Hash256 block, ulong difficulty) =>
    [
        .. account.ToUInt256().ToBigEndian(), .. ((UInt256)nonce).ToBigEndian(), .. block.ToArray(),
        .. ((UInt256)difficulty).ToBigEndian(),
    ];

    private static byte[] With(byte[] input, int place)
    {
        byte[] changed = [.. input];
        changed[place] = 1;
        return changed;
    }

    private static CallRequest Request(int number, byte[] input) => new()
    {
        From = Alice.Address,
        To = Address.FromUInt256((ulong)number),
        Data = input,
        GasLimit = Gas,
    };

    private static CallOutcome Call(int number, byte[] input) =>
        CallSimulator.Call(Chain.State, Chain.Head, Request(number, input), Rules);

    // On the machine: the floor price of data (EIP-7623) hides what a cheap call takes.
    private static ulong GasOf(int number, byte[] input)
    {
        EvmMachine machine = new(Rules.Evm, Rules.Engine, Rules.Platform, []);
        StateOverlay overlay = new(Chain.State);
        overlay.BeginTransaction();
        EvmResult result = machine.Execute(
            EvmMessage.Call(Alice.Address, Address.FromUInt256((ulong)number), UInt256.Zero, input, Gas),
            overlay, BlockContexts.Of(Chain.Head, Chain.State, Rules), new TxContext(Alice.Address, UInt256.Zero));
        return Gas - result.GasLeft;
    }

    private static UInt256 Answer(int number, byte[] input)
    {
        CallOutcome outcome = Call(number, input);
        Assert.True(outcome.IsSuccess);
        Assert.Equal(32, outcome.Output.Length);
        return UInt256.FromBigEndian(outcome.Output.Span);
    }

    private static void MustFail(int number, byte[] input)
    {
        CallOutcome outcome = Call(number, input);
        Assert.Equal((EvmStatus.PrecompileFailure, Gas, 0), (outcome.Status, outcome.GasUsed, outcome.Output.Length));
    }
}
