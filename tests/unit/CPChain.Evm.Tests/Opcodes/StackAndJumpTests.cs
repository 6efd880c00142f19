using CPChain.Types;

namespace CPChain.Evm.Tests;

/// <summary>Stack bounds, PUSH, DUP, SWAP and jumps.</summary>
public sealed class StackAndJumpTests
{
    /// <summary>Operands and results of every opcode (Yellow Paper, appendix H), by opcode.</summary>
    private static readonly Dictionary<byte, (int In, int Out)> Shape = MakeShape();

    private static Dictionary<byte, (int In, int Out)> MakeShape()
    {
        Dictionary<byte, (int, int)> shape = new() { [0x00] = (0, 0), [0x5b] = (0, 0), [0x5f] = (0, 1) };
        void Add(int first, int last, int operands, int results)
        {
            for (int op = first; op <= last; op++) shape[(byte)op] = (operands, results);
        }

        Add(0x01, 0x07, 2, 1);
        Add(0x08, 0x09, 3, 1);
        Add(0x0a, 0x0b, 2, 1);
        Add(0x10, 0x14, 2, 1);
        Add(0x15, 0x15, 1, 1);
        Add(0x16, 0x18, 2, 1);
        Add(0x19, 0x19, 1, 1);
        Add(0x1a, 0x1d, 2, 1);
        Add(0x1e, 0x1e, 1, 1);
        Add(0x20, 0x20, 2, 1);
        Add(0x30, 0x30, 0, 1);
        Add(0x31, 0x31, 1, 1);
        Add(0x32, 0x34, 0, 1);
        Add(0x35, 0x35, 1, 1);
        Add(0x36, 0x36, 0, 1);
        Add(0x37, 0x37, 3, 0);
        Add(0x38, 0x38, 0, 1);
        Add(0x39, 0x39, 3, 0);
        Add(0x3a, 0x3a, 0, 1);
        Add(0x3b, 0x3b, 1, 1);
        Add(0x3c, 0x3c, 4, 0);
        Add(0x3d, 0x3d, 0, 1);
        Add(0x3e, 0x3e, 3, 0);
        Add(0x3f, 0x40, 1, 1);
        Add(0x41, 0x48, 0, 1);
        Add(0x49, 0x49, 1, 1);
        Add(0x4a, 0x4a, 0, 1);
        Add(0x50, 0x50, 1, 0);
        Add(0x51, 0x51, 1, 1);
        Add(0x52, 0x53, 2, 0);
        Add(0x54, 0x54, 1, 1);
        Add(0x55, 0x55, 2, 0);
        Add(0x56, 0x56, 1, 0);
        Add(0x57, 0x57, 2, 0);
        Add(0x58, 0x5a, 0, 1);
        Add(0x5c, 0x5c, 1, 1);
        Add(0x5d, 0x5d, 2, 0);
        Add(0x5e, 0x5e, 3, 0);
        Add(0x60, 0x7f, 0, 1);
        for (int n = 1; n <= 16; n++)
        {
            Add(0x7f + n, 0x7f + n, n, n + 1);
            Add(0x8f + n, 0x8f + n, n + 1, n + 1);
        }

        for (int n = 0; n <= 4; n++) Add(0xa0 + n, 0xa0 + n, n + 2, 0);
        Add(0xf0, 0xf0, 3, 1);
        Add(0xf1, 0xf2, 7, 1);
        Add(0xf3, 0xf3, 2, 0);
        Add(0xf4, 0xf4, 6, 1);
        Add(0xf5, 0xf5, 4, 1);
        Add(0xfa, 0xfa, 6, 1);
        Add(0xfd, 0xfd, 2, 0);
        Add(0xff, 0xff, 1, 0);
        return shape;
    }

    [Fact]
    public void Every_opcode_checks_its_operands_or_is_invalid()
    {
        TestChain chain = new();
        for (int opcode = 0; opcode < 256; opcode++)
        {
            if (!Shape.TryGetValue((byte)opcode, out (int In, int Out) shape))
            {
                Assert.Equal(EvmStatus.InvalidOpcode, chain.Run([(byte)opcode]).Status);
                continue;
            }

            if (shape.In == 0) continue;
            byte[] short1 = Enumerable.Repeat((byte)0x5f, shape.In - 1).ToArray();
            Assert.Equal(EvmStatus.StackUnderflow, chain.Run(Code.Join(short1, [(byte)opcode])).Status);
            EvmStatus full = chain.Run(Code.Join(short1, [0x5f, (byte)opcode])).Status;
            Assert.NotEqual(EvmStatus.StackUnderflow, full);
        }
    }

    [Fact]
    public void Every_opcode_that_adds_a_word_stops_at_1024()
    {
        TestChain chain = new();
        byte[] full = Enumerable.Repeat((byte)0x5f, 1024).ToArray();
        Assert.Equal(EvmStatus.Success, chain.Run(full).Status);
        foreach ((byte opcode, (int In, int Out) shape) in Shape)
        {
            EvmStatus status = chain.Run(Code.Join(full, [opcode])).Status;
            if (shape.Out > shape.In) Assert.Equal(EvmStatus.StackOverflow, status);
            else Assert.NotEqual(EvmStatus.StackOverflow, status);
        }
    }

    [Theory]
    [InlineData("EIP158", 0x3d)]
    [InlineData("Byzantium", 0x1b)]
    [InlineData("ConstantinopleFix", 0x46)]
    [InlineData("ConstantinopleFix", 0x47)]
    [InlineData("Berlin", 0x48)]
    [InlineData("Paris", 0x5f)]
    [InlineData("Shanghai", 0x49)]
    [InlineData("Shanghai", 0x4a)]
    [InlineData("Shanghai", 0x5c)]
    [InlineData("Shanghai", 0x5d)]
    [InlineData("Shanghai", 0x5e)]
    [InlineData("Prague", 0x1e)]
    public void Opcode_of_a_later_fork_is_invalid_before_it(string fork, int opcode)
    {
        TestChain chain = new(EvmRules.All.Single(rules => rules.Name == fork));
        byte[] operands = [0x60, 0, 0x60, 0, 0x60, 0];
        Assert.Equal(EvmStatus.InvalidOpcode, chain.Run(Code.Join(operands, [(byte)opcode])).Status);
        int next = EvmRules.All.ToList().FindIndex(rules => rules.Name == fork) + 1;
        Assert.Equal(EvmStatus.Success, new TestChain(EvmRules.All[next]).Run(Code.Join(operands, [(byte)opcode])).Status);
    }

    [Fact]
    public void Push_reads_its_bytes_and_zeros_beyond_the_code()
    {
        TestChain chain = new();
        byte[] bytes = [.. Enumerable.Range(1, 32).Select(static i => (byte)i)];
        for (int n = 1; n <= 32; n++)
        {
            (UInt256 word, ulong gas) = chain.Evaluate([(byte)(0x5f + n), .. bytes[..n]]);
            Assert.Equal((UInt256.FromBigEndian(bytes.AsSpan(0, n)), 3UL), (word, gas));
            for (int cut = 0; cut < n; cut++)
            {
                Assert.Equal(EvmStatus.Success, chain.Run([(byte)(0x5f + n), .. bytes[..cut]]).Status);
            }
        }
    }

    [Fact]
    public void Dup_and_swap_reach_exactly_their_word()
    {
        TestChain chain = new();
        byte[] numbers = Code.Join([.. Enumerable.Range(1, 17).Select(static i => Code.Push((ulong)i))]);
        for (int n = 1; n <= 16; n++)
        {
            Assert.Equal((ulong)(18 - n), chain.Evaluate(numbers, [(byte)(0x7f + n)]).Word);
            Assert.Equal((ulong)(17 - n), chain.Evaluate(numbers, [(byte)(0x8f + n)]).Word);
            byte[] pops = Enumerable.Repeat((byte)0x50, n).ToArray();
            Assert.Equal(17U, chain.Evaluate(numbers, [(byte)(0x8f + n)], pops).Word);
        }
    }

    [Fact]
    public void Jump_lands_on_jumpdest_only()
    {
        TestChain chain = new();
        Assert.Equal(EvmStatus.Success, chain.Run([0x60, 3, 0x56, 0x5b]).Status);
        Assert.Equal(EvmStatus.BadJump, chain.Run([0x60, 2, 0x56, 0x5b]).Status);
        Assert.Equal(EvmStatus.BadJump, chain.Run([0x60, 4, 0x56, 0x5b]).Status);
        Assert.Equal(EvmStatus.BadJump, chain.Run([0x60, 4, 0x56, 0x60, 0x5b]).Status);
        Assert.Equal(EvmStatus.BadJump, chain.Run(Code.Join(Code.Push(UInt256.One << 64), [0x56])).Status);
        Assert.Equal(EvmStatus.BadJump, chain.Run(Code.Join(Code.Push(UInt256.MaxValue), [0x56])).Status);
    }

    [Fact]
    public void Jumpi_ignores_a_bad_target_when_it_does_not_jump()
    {
        TestChain chain = new();
        Assert.Equal(EvmStatus.Success, chain.Run(Code.Join(Code.Operands(99, 0), [0x57])).Status);
        Assert.Equal(EvmStatus.BadJump, chain.Run(Code.Join(Code.Operands(99, 1), [0x57])).Status);
        Assert.Equal(EvmStatus.BadJump, chain.Run(Code.Join(Code.Operands(99, UInt256.One << 255), [0x57])).Status);
    }

    [Fact]
    public void Jumpdest_analysis_skips_push_data_up_to_the_end()
    {
        TestChain chain = new();
        for (int n = 1; n <= 32; n++)
        {
            byte[] data = Enumerable.Repeat((byte)0x5b, n).ToArray();
            byte[] code = [0x60, (byte)(3 + n), 0x56, (byte)(0x5f + n), .. data, 0x5b];
            Assert.Equal(EvmStatus.BadJump, chain.Run(code).Status);
            code[1]++;
            Assert.Equal(EvmStatus.Success, chain.Run(code).Status);
        }
    }
}
