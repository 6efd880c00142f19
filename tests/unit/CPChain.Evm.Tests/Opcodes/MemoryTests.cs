using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Evm.Tests;

/// <summary>Memory, copies and their gas.</summary>
public sealed class MemoryTests
{
    /// <summary>3 gas a word and the square of the words over 512 (Yellow Paper, appendix H).</summary>
    private static ulong MemoryGas(ulong words) => (3 * words) + (words * words / 512);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(4095)]
    [InlineData(100_000)]
    public void Growth_costs_the_quadratic_price(ulong offset)
    {
        TestChain chain = new();
        ulong words = (offset + 32 + 31) / 32;
        EvmResult result = chain.Run(Code.Join(Code.Push(offset), [0x51, 0x00]));
        Assert.Equal((offset == 0 ? 2UL : 3UL) + 3 + MemoryGas(words), 10_000_000 - result.GasLeft);
        result = chain.Run(Code.Join(Code.Push(1), Code.Push(offset), [0x53, 0x00]));
        Assert.Equal((offset == 0 ? 5UL : 6UL) + 3 + MemoryGas((offset + 32) / 32), 10_000_000 - result.GasLeft);
    }

    [Theory]
    [InlineData("0xffffffff")]
    [InlineData("0xffffffffffffffff")]
    [InlineData("0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void Unpayable_offset_is_out_of_gas(string offset)
    {
        TestChain chain = new();
        foreach (byte opcode in new byte[] { 0x51, 0x52, 0x53, 0x20, 0x37, 0x39, 0x5e, 0xf3, 0xfd, 0xa0, 0xf0 })
        {
            byte[] operands = Code.Operands(UInt256.Parse(offset), UInt256.Parse(offset), UInt256.Parse(offset));
            Assert.Contains(
                chain.Run(Code.Join(operands, [opcode]), gas: 250_000_000).Status,
                new[] { EvmStatus.OutOfGas, EvmStatus.InitCodeTooLong });
        }
    }

    [Fact]
    public void Length_zero_touches_no_memory_at_any_offset()
    {
        TestChain chain = new();
        byte[] code = Code.Join(Code.Operands(UInt256.MaxValue, UInt256.MaxValue, 0), [0x5e, 0x59], Code.Return1);
        Assert.Equal(UInt256.Zero, UInt256.FromBigEndian(chain.Run(code).Output.Span));
    }

    [Fact]
    public void Mload_after_mstore_is_the_identity_at_every_alignment()
    {
        TestChain chain = new();
        UInt256 word = UInt256.Parse("0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20");
        for (ulong offset = 0; offset < 70; offset++)
        {
            byte[] code = Code.Join(Code.Push(word), Code.Push(offset), [0x52], Code.Push(offset), [0x51]);
            Assert.Equal(word, chain.Evaluate(code).Word);
        }
    }

    [Fact]
    public void Memory_of_a_call_starts_zero_whatever_ran_before()
    {
        TestChain chain = new();
        chain.Run(Code.Join(Code.Push(UInt256.MaxValue), Code.Push(5000), [0x52, 0x00]));
        Assert.Equal(UInt256.Zero, chain.Evaluate(Code.Push(5000), [0x51]).Word);
    }

    [Fact]
    public void Keccak_costs_six_for_each_word()
    {
        TestChain chain = new();
        for (ulong length = 0; length < 300; length += 17)
        {
            (UInt256 word, ulong gas) = chain.Evaluate(Code.Push(length), [0x5f, 0x20]);
            Assert.Equal(Keccak256.Hash(new byte[length]).ToUInt256(), word);
            ulong words = (length + 31) / 32;

            // The RETURN of one word then finds the memory already paid.
            ulong paid = words == 0 ? 0 : MemoryGas(words) - 3;
            Assert.Equal((length == 0 ? 2UL : 3UL) + 2 + 30 + (6 * words) + paid, gas);
        }
    }

    [Fact]
    public void Mcopy_moves_overlapping_bytes_as_if_through_a_copy()
    {
        TestChain chain = new();
        UInt256 word = UInt256.Parse("0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        byte[] store = Code.Join(Code.Push(word), [0x5f, 0x52]);
        (UInt256 result, _) = chain.Evaluate(store, Code.Operands(1, 0, 31), [0x5e, 0x5f, 0x51]);
        Assert.Equal(UInt256.Parse("0x00000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e"), result);
        (result, _) = chain.Evaluate(store, Code.Operands(0, 1, 31), [0x5e, 0x5f, 0x51]);
        Assert.Equal(UInt256.Parse("0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f1f"), result);
    }

    [Fact]
    public void Returndatacopy_beyond_the_data_is_an_error_and_others_pad()
    {
        TestChain chain = new();
        Assert.Equal(EvmStatus.ReturnDataOutOfBounds, chain.Run(Code.Join(Code.Operands(0, 0, 1), [0x3e])).Status);
        Assert.Equal(EvmStatus.ReturnDataOutOfBounds, chain.Run(Code.Join(Code.Operands(0, 1, 0), [0x3e])).Status);
        Assert.Equal(EvmStatus.Success, chain.Run(Code.Join(Code.Operands(0, 0, 0), [0x3e])).Status);
        Assert.Equal(EvmStatus.Success, chain.Run(Code.Join(Code.Operands(0, UInt256.MaxValue, 40), [0x37])).Status);
        byte[] own = Code.Join(Code.Operands(0, 0, 32), [0x39, 0x5f, 0x51]);
        byte[] expected = new byte[32];
        byte[] all = Code.Join(own, Code.Return1);
        all.AsSpan(0, Math.Min(32, all.Length)).CopyTo(expected);
        Assert.Equal(UInt256.FromBigEndian(expected), chain.Evaluate(own).Word);
    }
}
