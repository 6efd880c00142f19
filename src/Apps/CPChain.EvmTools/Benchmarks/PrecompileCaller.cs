using CPChain.Evm;
using CPChain.EvmTools.StateTests;
using CPChain.Types;

namespace CPChain.EvmTools.Benchmarks;

/// <summary>Asks precompiled contracts for points that later inputs are made of.</summary>
internal sealed class PrecompileCaller(EvmRules rules)
{
    private const ulong Gas = 10_000_000;

    private readonly EvmMachine _machine = new(rules);

    /// <exception cref="FormatException">The contract refuses the input.</exception>
    internal byte[] Run(byte number, byte[] input)
    {
        byte[] address = new byte[20];
        address[^1] = number;
        StateOverlay overlay = new(new MemoryStateView([]));
        overlay.BeginTransaction();
        EvmMessage message = EvmMessage.Call(BenchCall.Origin, Address.FromBytes(address), UInt256.Zero, input, Gas);
        EvmResult result = _machine.Execute(message, overlay, BenchCall.Block, new TxContext(BenchCall.Origin, UInt256.Zero));
        if (!result.IsSuccess) throw new FormatException($"contract {number} refuses its input: {result.Status}.");
        return result.Output.ToArray();
    }
}
