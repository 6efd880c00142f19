using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Evm.Tests;

/// <summary>CREATE, CREATE2, SELFDESTRUCT and delegation.</summary>
public sealed class CreateTests
{
    private static readonly Address Target = TestChain.At(0x7a);

    private static byte[] CreateCode(byte[] init, byte op = 0xf0, UInt256 salt = default) => Code.Join(
        Code.StoreBytes(init),
        op == 0xf5 ? Code.Push(salt) : [],
        Code.Push((ulong)init.Length), Code.Push(0U), Code.Push(0U), [op]);

    [Fact]
    public void Create_puts_the_returned_code_at_the_address_of_sender_and_nonce()
    {
        TestChain chain = new();
        byte[] runtime = [0x60, 42, 0x5f, 0x52, 0x60, 32, 0x5f, 0xf3];
        UInt256 word = chain.Evaluate(CreateCode(Code.InitFor(runtime))).Word;
        Address created = ContractAddress.Create(TestChain.Contract, 1);
        Assert.Equal(created.ToUInt256(), word);
        Assert.Equal(runtime, chain.Overlay!.GetCodeOf(created).ToArray());
        Assert.Equal((1UL, 2UL), (chain.Overlay.GetNonce(created), chain.Overlay.GetNonce(TestChain.Contract)));
        EvmResult result = chain.Call(created, keep: true);
        Assert.Equal(42U, UInt256.FromBigEndian(result.Output.Span));
    }

    [Fact]
    public void Create2_address_follows_eip_1014_and_cannot_be_taken_twice()
    {
        TestChain chain = new();
        byte[] init = Code.InitFor([0x00]);
        byte[] code = CreateCode(init, 0xf5, 7);
        Address expected = ContractAddress.Create2(TestChain.Contract, 7, Keccak256.Hash(init));
        Assert.Equal(expected.ToUInt256(), chain.Evaluate(code).Word);
        Assert.Equal(UInt256.Zero, chain.Evaluate(code, [0x50], code).Word);
        Assert.Equal(3UL, chain.Overlay!.GetNonce(TestChain.Contract));
    }

    [Fact]
    public void Code_beginning_with_ef_or_too_long_or_unpaid_is_refused()
    {
        TestChain chain = new();
        Assert.Equal(EvmStatus.CodeBeginsWithEf, chain.Create(Code.InitFor([0xef]), Target).Status);
        Assert.Equal(EvmStatus.Success, chain.Create(Code.InitFor([0xfe, 0xef]), Target).Status);
        byte[] longest = Code.Join(Code.Push(24_576U), [0x5f, 0xf3]);
        byte[] tooLong = Code.Join(Code.Push(24_577U), [0x5f, 0xf3]);
        Assert.Equal(EvmStatus.Success, chain.Create(longest, Target).Status);
        Assert.Equal(EvmStatus.CodeTooLong, chain.Create(tooLong, Target).Status);
        Assert.Equal(EvmStatus.OutOfGas, chain.Create(longest, Target, gas: 4_900_000).Status);
    }

    [Fact]
    public void Init_code_is_bounded_and_paid_by_the_word()
    {
        TestChain chain = new();
        byte[] Of(ulong length) => Code.Join(Code.Push(length), Code.Push(0U), Code.Push(0U), [0xf0]);
        Assert.Equal(EvmStatus.InitCodeTooLong, chain.Run(Of(49_153)).Status);
        Assert.Equal(EvmStatus.Success, chain.Run(Of(49_152)).Status);
        ulong gas = 10_000_000 - chain.Run(Code.Join(Of(64), [0x00])).GasLeft;
        Assert.Equal(3 + 2 + 2 + 32_000 + (2 * 2) + 6UL, gas);
    }

    [Fact]
    public void Address_with_nonce_code_or_storage_is_taken()
    {
        TestChain chain = new();
        foreach ((ulong nonce, byte[]? code, bool storage) in new (ulong, byte[]?, bool)[]
        {
            (1, null, false), (0, [0x00], false), (0, null, true),
        })
        {
            chain.State.Set(Target, 5, code, nonce);
            if (storage) chain.State.SetStorage(Target, 1, 1);
            EvmResult result = chain.Create(Code.InitFor([0x00]), Target);
            Assert.Equal((EvmStatus.CreateCollision, 0UL), (result.Status, result.GasLeft));
        }

        chain.State.Set(Target, 5);
        Assert.Equal(EvmStatus.Success, chain.Create(Code.InitFor([0x00]), Target).Status);
        Assert.Equal(5U, chain.Overlay!.GetBalance(Target));
    }

    [Fact]
    public void Failed_creation_leaves_the_nonce_raised_and_the_revert_reason_readable()
    {
        TestChain chain = new();
        byte[] init = [0x60, 0xaa, 0x5f, 0x53, 0x60, 1, 0x5f, 0xfd];
        Assert.Equal(UInt256.Zero, chain.Evaluate(CreateCode(init)).Word);
        Assert.Equal(2UL, chain.Overlay!.GetNonce(TestChain.Contract));
        Assert.Equal(1U, chain.Evaluate(CreateCode(init), [0x50, 0x3d]).Word);
        Assert.Equal(0U, chain.Evaluate(CreateCode(Code.InitFor([0x00])), [0x50, 0x3d]).Word);
    }

    [Fact]
    public void Selfdestruct_moves_the_balance_and_deletes_only_what_was_just_created()
    {
        TestChain chain = new();
        Address heir = TestChain.At(0x41);
        byte[] code = Code.Join(Code.Push(heir), [0xff]);
        chain.State.Set(Target, 100, code, 1);
        chain.Call(Target);
        Assert.Equal((100U, 0U), (chain.Overlay!.GetBalance(heir), chain.Overlay.GetBalance(Target)));
        Assert.Equal(code, chain.Overlay.GetCodeOf(Target).ToArray());

        chain.State.Set(TestChain.At(0x99), 3);
        chain.Create(code, TestChain.At(0x99));
        Assert.Equal(3U, chain.Overlay.GetBalance(heir));
        Assert.False(chain.Overlay.TryGetAccount(TestChain.At(0x99), out _));
    }

    [Fact]
    public void Selfdestruct_to_itself_burns_only_in_the_creating_transaction()
    {
        TestChain chain = new();
        chain.State.Set(Target, 100, [0x30, 0xff], 1);
        chain.Call(Target);
        Assert.Equal(100U, chain.Overlay!.GetBalance(Target));
        chain.State.Set(TestChain.At(0x99), 3);
        chain.Create([0x30, 0xff], TestChain.At(0x99));
        Assert.False(chain.Overlay.TryGetAccount(TestChain.At(0x99), out _));
    }

    [Fact]
    public void Selfdestruct_deletes_old_contracts_before_cancun()
    {
        TestChain chain = new(EvmRules.Shanghai);
        chain.State.Set(Target, 100, [0x30, 0xff], 1);
        chain.Call(Target);
        Assert.False(chain.Overlay!.TryGetAccount(Target, out _));
    }

    [Fact]
    public void Delegated_account_runs_the_other_code_on_its_own_state()
    {
        TestChain chain = new();
        Address library = TestChain.At(0x11b);
        chain.State.Set(library, 0, Code.Join([0x60, 9, 0x5f, 0x55, 0x30], Code.Return1));
        chain.State.Set(Target, 0, [0xef, 0x01, 0x00, .. library.ToArray()], 1);
        EvmResult result = chain.Call(Target);
        Assert.Equal(Target.ToUInt256(), UInt256.FromBigEndian(result.Output.Span));
        Assert.Equal((9U, 0U), (chain.Overlay!.GetStorage(Target, 0), chain.Overlay.GetStorage(library, 0)));
        chain.State.Set(library, 0, [0x00]);
        (UInt256 size, _) = chain.Evaluate(Code.Push(Target), [0x3b]);
        Assert.Equal(23U, size);
        (_, ulong gas) = chain.Evaluate(Code.Call(0xf1, Target));
        Assert.Equal(16UL + 2600 + 2600, gas);
    }

    [Fact]
    public void Delegation_to_a_precompiled_contract_runs_nothing_and_chains_are_not_followed()
    {
        TestChain chain = new();
        chain.State.Set(Target, 0, [0xef, 0x01, 0x00, .. TestChain.At(4).ToArray()], 1);
        EvmResult result = chain.Call(Target, input: [1, 2, 3]);
        Assert.Equal((EvmStatus.Success, 0, 10_000_000UL), (result.Status, result.Output.Length, result.GasLeft));
        Address second = TestChain.At(0x22);
        chain.State.Set(second, 0, [0xef, 0x01, 0x00, .. Target.ToArray()], 1);
        Assert.Equal(EvmStatus.InvalidOpcode, chain.Call(second).Status);
    }
}
