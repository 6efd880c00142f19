using CPChain.Evm.Interpreter;
using CPChain.Evm.Interpreter.Streams;
using CPChain.Types;

namespace CPChain.Evm.Tests;

/// <summary>Generated programs on every engine: each run of <see cref="TestChain"/> compares them.</summary>
public sealed class EngineDifferentialTests
{
    private const int Programs = 4000;

    private static readonly byte[] Operators =
    [
        0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18,
        0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x20, 0x30, 0x33, 0x34, 0x35, 0x36, 0x38, 0x47, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55,
        0x58, 0x59, 0x5a, 0x5c, 0x5d, 0x5e, 0xa1,
    ];

    private static readonly UInt256[] Constants =
    [
        0, 1, 2, 31, 32, 33, 63, 64, 65, 127, 128, 160, 192, 224, 255, 256, 257, uint.MaxValue, ulong.MaxValue,
        UInt256.One << 64, (UInt256.One << 160) - UInt256.One, (UInt256.One << 128) - UInt256.One, UInt256.One << 255,
        UInt256.MaxValue, UInt256.MaxValue - UInt256.One,
    ];

    [Fact]
    public void Engines_agree_on_generated_straight_lines()
    {
        TestChain chain = new();
        Random random = new(1);
        for (int i = 0; i < Programs; i++)
        {
            byte[] code = Code.Join(Stack(random), Words(random, 40), Return(random));
            chain.Run(code, gas: random.Next(2) == 0 ? 100_000UL : (ulong)random.Next(60, 4_000), input: code, value: 1);
        }
    }

    [Fact]
    public void Engines_agree_on_generated_loops_and_branches()
    {
        TestChain chain = new();
        Random random = new(2);
        for (int i = 0; i < Programs; i++) chain.Run(Branches(random), gas: (ulong)random.Next(500, 60_000), input: [1, 2, 3]);
    }

    [Fact]
    public void Engines_agree_on_deep_and_full_stacks()
    {
        TestChain chain = new();
        for (int height = 1015; height <= 1026; height++)
        {
            byte[] pushes = [.. Enumerable.Repeat((byte)0x5f, height)];
            foreach (byte[] tail in (byte[][])[[0x80, 0x50, 0x00], [0x5b, 0x60, 1, 0x60, 2, 0x50, 0x50], [0x9f, 0x8f, 0x50]])
            {
                chain.Run(Code.Join(pushes, tail));
            }
        }
    }

    [Theory]
    [InlineData(0x80)]
    [InlineData(0x5b)]
    [InlineData(0x50)]
    [InlineData(0x55)]
    [InlineData(0x60)]
    [InlineData(0x7f)]
    [InlineData(0x57)]
    public void The_stream_is_not_much_longer_than_the_code(byte opcode)
    {
        byte[] code = [.. Enumerable.Repeat(opcode, EvmMachine.CodeBytesMax)];
        CodeStream stream = new CodeImage(code, EvmRules.Osaka).Decode();
        Assert.InRange(stream.Records.Length, 1, (2 * code.Length) + 3);
    }

    [Fact]
    public void Code_becomes_decoded_only_after_it_burnt_gas_for_its_length()
    {
        // A loop of 13 bytes in code of 20,000: cold after one pass, hot within one long call.
        byte[] loop = [0x61, 0xff, 0xff, 0x5b, 0x60, 1, 0x90, 0x03, 0x80, 0x60, 3, 0x57, 0x00];
        byte[] code = [.. loop, .. new byte[20_000]];
        CodeImage image = new(code, EvmRules.Osaka);
        Assert.InRange(image.HeatLeft, 20_000 * 8, 20_000 * 64);
        TestChain chain = new();
        EvmResult result = chain.Run(code, gas: 10_000_000);
        Assert.Equal(EvmStatus.Success, result.Status);
    }

    private static byte[] Stack(Random random) =>
        Code.Join([.. Enumerable.Range(0, random.Next(3, 20)).Select(_ => Constant(random))]);

    private static byte[] Constant(Random random) => random.Next(4) switch
    {
        0 => Code.Push((ulong)random.Next(300)),
        1 => Code.Push(Constants[random.Next(Constants.Length)]),
        2 => Code.Push(new UInt256((ulong)random.NextInt64(), (ulong)random.NextInt64(), (ulong)random.NextInt64(), 0)),
        _ => Code.Push(new UInt256(
            (ulong)random.NextInt64(), (ulong)random.NextInt64(), (ulong)random.NextInt64(), ~(ulong)random.NextInt64())),
    };

    /// <summary>Words that tend to stand together, with the shapes that become one record.</summary>
    private static byte[] Words(Random random, int count) => Code.Join([.. Enumerable.Range(0, random.Next(1, count)).Select(
        _ => random.Next(8) switch
        {
            0 => Constant(random),
            1 => [(byte)(0x80 + random.Next(random.Next(2) == 0 ? 3 : 16))],
            2 => [(byte)(0x90 + random.Next(random.Next(2) == 0 ? 2 : 16))],
            3 => Code.Join(Constant(random), [Operators[random.Next(Operators.Length)]]),
            4 => [(byte)(0x80 + random.Next(4)), Operators[random.Next(Operators.Length)]],
            5 => [0x90, Operators[random.Next(Operators.Length)]],
            6 => Code.Join(Code.Push((ulong)random.Next(200)), [(byte)(random.Next(2) == 0 ? 0x51 : 0x52)]),
            _ => [Operators[random.Next(Operators.Length)]],
        })]);

    /// <summary>Blocks that begin with a JUMPDEST and end in every kind of jump, to good and to bad places.</summary>
    private static byte[] Branches(Random random)
    {
        const int Blocks = 6, Size = 64, Head = 4;
        byte[] code = new byte[Blocks * Size];
        Array.Fill(code, (byte)0x5b);
        for (int block = 0; block < Blocks; block++)
        {
            int place = random.Next(12) == 0 ? random.Next(code.Length + 9) : Head + (random.Next(Blocks) * Size) + random.Next(3);
            byte[] target = [0x61, (byte)(place >> 8), (byte)(place & 0xff)];
            byte[] test = random.Next(9) switch
            {
                0 => [0x15],
                1 => [0x10],
                2 => [0x11, 0x15],
                3 => [0x14],
                4 => [0x12, 0x15],
                5 => [0x81, 0x81, (byte)(0x10 + random.Next(2))],
                6 => [0x80, 0x80, (byte)(0x10 + random.Next(2)), 0x15],
                7 => Code.Join([0x80], Code.Push((ulong)random.Next(3)), [0x14]),
                _ => [],
            };
            byte[] end = random.Next(4) switch { 0 => [0x56], 1 => [0x50], _ => [0x57] };
            byte[] text = Code.Join(block == 0 ? Stack(random) : [], Words(random, 6), test, target, end);
            text.AsSpan(0, Math.Min(text.Length, Size - 3)).CopyTo(code.AsSpan((block * Size) + 3));
        }

        return Code.Join(Code.Push(3), Code.Push(5), code);
    }

    private static byte[] Return(Random random) => random.Next(3) switch
    {
        0 => [0x5f, 0x52, 0x60, 32, 0x5f, 0xf3],
        1 => [0x60, 3, 0x52, 0x60, 64, 0x5f, 0xfd],
        _ => [0x55],
    };
}
