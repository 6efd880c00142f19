using CPChain.Types;

namespace CPChain.Evm.Tests;

/// <summary>Code that tries to make the machine allocate, recurse or work without paying.</summary>
public sealed class BoundsTests
{
    /// <summary>Counts down from a number that fills three bytes.</summary>
    private static byte[] Loop(params byte[] body) =>
        Code.Join([0x62, 0x01, 0x00, 0x00, 0x5b], body, [0x60, 1, 0x90, 0x03, 0x80, 0x60, 4, 0x57, 0x00]);

    public static TheoryData<string> Bodies =>
    [
#if !DEBUG
        // Unoptimised code boxes the vectors of the permutation.
        "602060002050",
#endif
        "", "600160020150", "6001600202505f", "80600a52", "5f5150", "8060ff1c50", "80600304508060030650",
        "5f54505f545f55", "5f5c505f5f5d", "60206040606037", "60206000600039", "303150303f50", "6020600060405e",
        "600b600c600d0950", "60036004600a0850",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Steady_loop_allocates_nothing(string body)
    {
        TestChain chain = new();
        byte[] bytes = Convert.FromHexString(body);
        byte[] pops = body.EndsWith('f') ? [0x50] : [];
        byte[] code = Loop(Code.Join(bytes, pops));
        chain.State.Set(TestChain.Contract, TestChain.Rich, code, 1);
        StateOverlay overlay = new(chain.State);
        long Measure(ulong gas)
        {
            overlay.BeginTransaction();
            long before = GC.GetAllocatedBytesForCurrentThread();
            EvmResult result = chain.Machine.Execute(
                EvmMessage.Call(TestChain.Sender, TestChain.Contract, 0, default, gas), overlay, chain.Block, chain.Transaction);
            long after = GC.GetAllocatedBytesForCurrentThread();
            Assert.Contains(result.Status, new[] { EvmStatus.OutOfGas, EvmStatus.Success });
            overlay.EndTransaction();
            return after - before;
        }

        Measure(60_000_000);
        // A collection may take a pooled buffer back, and the next run then makes one; what each opcode allocates shows in every run.
        long least = Enumerable.Range(0, 5).Min(_ => Measure(50_000_000) - Measure(10_000));
        Assert.InRange(least, long.MinValue, 256);
    }

    [Fact]
    public void Memory_given_to_deep_calls_is_bounded_by_gas()
    {
        TestChain chain = new();
        byte[] code = Code.Join([0x5f, 0x62, 0x00, 0xff, 0xff, 0x52], Code.Call(0xf1, TestChain.Contract), [0x00]);
        EvmResult result = chain.Run(code, gas: 16_777_216);
        Assert.Equal(EvmStatus.Success, result.Status);
    }

    [Fact]
    public void Depth_of_calls_does_not_use_the_stack_of_the_thread()
    {
        EvmStatus status = EvmStatus.OutOfGas;
        Thread small = new(
            () =>
            {
                TestChain chain = new();
                status = chain.Run(Code.Call(0xf1, TestChain.Contract), gas: 1_000_000_000_000_000).Status;
            },
            maxStackSize: 256 * 1024);
        small.Start();
        small.Join();
        Assert.Equal(EvmStatus.Success, status);
    }

    [Fact]
    public void Random_bytes_end_within_their_gas_and_leave_the_machine_usable()
    {
        TestChain chain = new();
        Random random = new(20261120);
        byte[] code = new byte[200];
        for (int i = 0; i < 3000; i++)
        {
            random.NextBytes(code);
            EvmResult result = chain.Run([.. code], gas: 200_000, input: code, value: 1);
            Assert.InRange(result.GasLeft, 0UL, 200_000UL);
        }

        Assert.Equal(3U, chain.Evaluate(Code.Operands(1, 2), [0x01]).Word);
    }

    [Fact]
    public void Every_valid_opcode_sequence_of_pushes_ends_in_a_status()
    {
        TestChain chain = new();
        Random random = new(7);
        byte[] valid = [.. Enumerable.Range(0, 256).Select(static i => (byte)i).Where(static b => b is not (0x00 or 0xfe or 0xf3 or 0xfd))];
        for (int i = 0; i < 3000; i++)
        {
            List<byte> code = [];
            for (int k = 0; k < 60; k++)
            {
                code.AddRange([0x60, (byte)random.Next(256)]);
                if (random.Next(2) == 0) code.Add(valid[random.Next(valid.Length)]);
            }

            EvmResult result = chain.Run([.. code], gas: 300_000);
            Assert.InRange(result.GasLeft, 0UL, 300_000UL);
        }
    }

    [Fact]
    public void Machine_is_usable_after_an_exception_of_the_state_reader()
    {
        TestChain chain = new();
        chain.State.Set(TestChain.At(0x77), 0, [0x5f, 0x54]);
        byte[] code = Code.Join(Code.Push(UInt256.MaxValue), Code.Push(64), [0x52], Code.Call(0xf1, TestChain.At(0x77)));
        chain.State.Set(TestChain.Contract, TestChain.Rich, code, 1);
        chain.State.FailsOnStorage = true;
        Assert.Throws<IOException>(() => chain.Call(TestChain.Contract));
        chain.State.FailsOnStorage = false;
        Assert.Equal(UInt256.Zero, chain.Evaluate(Code.Push(64), [0x51]).Word);
        Assert.Equal(3U, chain.Evaluate(Code.Operands(1, 2), [0x01]).Word);
    }

    [Fact]
    public void Tracer_changes_neither_gas_nor_result_and_sees_each_step()
    {
        TestChain chain = new();
        byte[] code = Code.Join([0x60, 1, 0x60, 2, 0x01], Code.Call(0xf1, TestChain.At(4)), [0x50], Code.Return1);
        EvmResult silent = chain.Run(code);
        Steps steps = new();
        StateOverlay overlay = new(chain.State);
        overlay.BeginTransaction();
        EvmResult traced = chain.Machine.Execute(
            EvmMessage.Call(TestChain.Sender, TestChain.Contract, 0, default, 10_000_000), overlay, chain.Block,
            chain.Transaction, steps);
        Assert.Equal((silent.Status, silent.GasLeft), (traced.Status, traced.GasLeft));
        Assert.Equal([0x60, 0x60, 0x01], steps.Opcodes.Take(3));
        Assert.Equal([0, 2, 4], steps.Offsets.Take(3));
        // The outermost call and the one to an account without code.
        Assert.Equal((2, 2), (steps.Entered, steps.Left));
    }

    private sealed class Steps : IEvmTracer
    {
        internal List<byte> Opcodes { get; } = [];

        internal List<int> Offsets { get; } = [];

        internal int Entered { get; private set; }

        internal int Left { get; private set; }

        public void OnEnter(in EvmCall call) => Entered++;

        public void OnStep(in EvmStep step)
        {
            Opcodes.Add(step.Opcode);
            Offsets.Add(step.Pc);
        }

        public void OnLog(EvmLog log)
        {
        }

        public void OnLeave(in EvmExit exit) => Left++;
    }
}
