using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Evm.Tests;

/// <summary>Opcodes that tell code about itself, its call, its transaction and its block.</summary>
public sealed class EnvironmentTests
{
    public static TheoryData<byte, string> Context => new()
    {
        { 0x30, "0xc0de" }, { 0x32, "0x5e" }, { 0x33, "0x5e" }, { 0x34, "0x0" }, { 0x36, "0x0" }, { 0x38, "0x7" },
        { 0x3a, "0x9" }, { 0x3d, "0x0" }, { 0x41, "0xc01b" }, { 0x42, "0x6553f100" }, { 0x43, "0x3e8" },
        { 0x44, "0x12345" }, { 0x45, "0xee6b280" }, { 0x46, "0x539" }, { 0x48, "0x7" }, { 0x4a, "0x1" },
        { 0x58, "0x0" }, { 0x59, "0x0" },
    };

    [Theory]
    [MemberData(nameof(Context))]
    public void Context_opcode_gives_its_word_for_two_gas(byte opcode, string expected)
    {
        (UInt256 word, ulong gas) = new TestChain().Evaluate([opcode]);
        Assert.Equal(UInt256.Parse(expected), word);
        Assert.Equal(2UL, gas);
    }

    [Fact]
    public void Selfbalance_costs_five_and_balance_of_a_cold_account_2600()
    {
        TestChain chain = new();
        Assert.Equal((TestChain.Rich, 5UL), chain.Evaluate([0x47]));
        (UInt256 word, ulong gas) = chain.Evaluate(Code.Push(0x77), [0x31]);
        Assert.Equal((UInt256.Zero, 2603UL), (word, gas));
        (_, gas) = chain.Evaluate(Code.Push(0x77), [0x31, 0x50], Code.Push(0x77), [0x31]);
        Assert.Equal((3UL + 2600 + 2) + (3 + 100), gas);
    }

    [Theory]
    [InlineData(1000, false)]
    [InlineData(999, true)]
    [InlineData(744, true)]
    [InlineData(743, false)]
    public void Blockhash_knows_the_256_latest_ancestors(ulong number, bool known)
    {
        (UInt256 word, ulong gas) = new TestChain().Evaluate(Code.Push(number), [0x40]);
        Assert.Equal(known ? number + 1 : UInt256.Zero, word);
        Assert.Equal(23UL, gas);
    }

    [Fact]
    public void Blobhash_gives_zero_beyond_the_list()
    {
        TestChain chain = new();
        chain.Transaction = chain.Transaction with { BlobHashes = [Hash256.FromUInt256(0xb10b)] };
        Assert.Equal(((UInt256)0xb10bU, 5UL), chain.Evaluate([0x5f, 0x49]));
        Assert.Equal(UInt256.Zero, chain.Evaluate(Code.Push(1), [0x49]).Word);
        Assert.Equal(UInt256.Zero, chain.Evaluate(Code.Push(UInt256.MaxValue), [0x49]).Word);
    }

    [Fact]
    public void Calldataload_pads_with_zeros_and_survives_any_offset()
    {
        TestChain chain = new();
        byte[] input = [1, 2, 3];
        foreach ((UInt256 offset, string expected) in new (UInt256, string)[]
        {
            (0, "0x0102030000000000000000000000000000000000000000000000000000000000"),
            (2, "0x0300000000000000000000000000000000000000000000000000000000000000"),
            (3, "0x0"), (UInt256.MaxValue, "0x0"),
        })
        {
            EvmResult result = chain.Run(Code.Join(Code.Push(offset), [0x35], Code.Return1), input: input);
            Assert.Equal(UInt256.Parse(expected), UInt256.FromBigEndian(result.Output.Span));
        }
    }

    [Fact]
    public void Extcodehash_tells_dead_accounts_from_accounts_without_code()
    {
        TestChain chain = new();
        Assert.Equal(UInt256.Zero, chain.Evaluate(Code.Push(0x77), [0x3f]).Word);
        Assert.Equal(Account.EmptyCodeHash.ToUInt256(), chain.Evaluate(Code.Push(0x5e), [0x3f]).Word);
        byte[] code = [0x5b, 0x00];
        chain.State.Set(TestChain.At(0x88), 0, code);
        Assert.Equal(Keccak256.Hash(code).ToUInt256(), chain.Evaluate(Code.Push(0x88), [0x3f]).Word);
        Assert.Equal(2U, chain.Evaluate(Code.Push(0x88), [0x3b]).Word);
    }
}
