using System.Diagnostics;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.EvmTools.StateTests;
using CPChain.Types;

namespace CPChain.EvmTools.Benchmarks;

/// <summary>One program in a loop on this project's machine.</summary>
internal sealed class BenchCall
{
    /// <summary>Gas of the outermost call; no program uses it up.</summary>
    internal const ulong GasLimit = 1_000_000_000_000;

    /// <summary>Who makes the outermost call.</summary>
    internal static readonly Address Origin = Address.Parse("0x0000000000000000000000000000000000b0b0b0");

    internal static readonly BlockContext Block = new()
    {
        Number = 1,
        Timestamp = 1_700_000_000,
        Coinbase = Address.Parse("0x0000000000000000000000000000000000c0c0c0"),
        GasLimit = GasLimit,
        BaseFee = UInt256.Zero,
        PrevRandao = Hash256.Zero,
        ChainId = 31_337,
    };

    private readonly EvmRules _rules;
    private readonly EvmMachine _machine;
    private readonly MemoryStateView _state;

    internal BenchCall(BenchProgram program, EvmRules rules)
    {
        _rules = rules;
        _machine = new EvmMachine(rules);
        Program = program;
        Accounts = [.. program.Pre.Where(one => one.Address != program.Sender), LoopAccount(program)];
        _state = new MemoryStateView([.. Accounts]);
    }

    internal BenchProgram Program { get; }

    /// <summary>State before, the loop at the sender's address.</summary>
    internal IReadOnlyList<GenesisAccount> Accounts { get; }

    internal byte[] Input(ulong count) => CallLoop.Input(count, Program.Input.Span);

    /// <summary>Runs the loop and says what was left of <see cref="GasLimit"/> at its end and how long it took.</summary>
    /// <exception cref="FormatException">The program fails.</exception>
    internal (ulong GasLeft, BenchTime Time) Run(ulong count)
    {
        byte[] input = Input(count);
        UnsignedTransaction transaction = UnsignedTransaction.FeeMarket(Block.ChainId, 0, UInt256.Zero, UInt256.Zero, GasLimit)
            with
        { To = Program.Sender, Data = input };
        ulong gas = GasLimit - IntrinsicGas.Of(transaction, _rules).Standard;
        StateOverlay overlay = new(_state);
        overlay.BeginTransaction();
        overlay.WarmAccount(Origin);
        overlay.WarmAccount(Program.Sender);
        overlay.WarmAccount(Block.Coinbase);
        EvmMessage message = EvmMessage.Call(Origin, Program.Sender, UInt256.Zero, input, gas);
        long start = Stopwatch.GetTimestamp();
        double cpu = CpuClock.OfThread();
        EvmResult result = _machine.Execute(message, overlay, Block, new TxContext(Origin, UInt256.Zero));
        BenchTime time = new(CpuClock.OfThread() - cpu, Stopwatch.GetElapsedTime(start).TotalSeconds);
        if (!result.IsSuccess) throw new FormatException($"{Program.Name} fails: {result.Status}.");
        return ((ulong)UInt256.FromBigEndian(result.Output.Span), time);
    }

    private static GenesisAccount LoopAccount(BenchProgram program) => new(
        program.Sender, UInt256.One, 0, CallLoop.Code(program.Target),
        [.. program.Pre.Where(one => one.Address == program.Sender).SelectMany(static one => one.Storage)]);
}

/// <summary>Seconds that a call took.</summary>
internal readonly record struct BenchTime(double Cpu, double Wall)
{
    internal static readonly BenchTime Endless = new(double.MaxValue, double.MaxValue);

    /// <summary>What is left of this time without another one, never nothing.</summary>
    internal BenchTime Without(BenchTime other) =>
        new(Math.Max(Cpu - other.Cpu, 1e-7), Math.Max(Wall - other.Wall, 1e-7));

    internal BenchTime OrLess(BenchTime other) => new(Math.Min(Cpu, other.Cpu), Math.Min(Wall, other.Wall));
}
