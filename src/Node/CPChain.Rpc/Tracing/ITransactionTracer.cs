using System.Text.Json;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Rpc.Tracing;

/// <summary>What a tracer is told about its transaction before it runs.</summary>
/// <param name="Content">The transaction.</param>
/// <param name="Sender">Who sends it.</param>
/// <param name="State">The state, before and after; never to be changed.</param>
/// <param name="Coinbase">Who takes the fee.</param>
/// <param name="LogsBefore">Events of the block before it.</param>
internal sealed record TraceSubject(
    UnsignedTransaction Content, Address Sender, StateOverlay State, Address Coinbase, int LogsBefore);

/// <summary>Watches one transaction and tells its result as JSON.</summary>
internal interface ITransactionTracer : IEvmTracer
{
    /// <summary>The transaction has ended and pays for so much gas.</summary>
    void End(ulong gasUsed);

    /// <summary>Writes the result, one JSON value.</summary>
    void Write(Utf8JsonWriter json);
}

/// <summary>Bytes of answer that a request may still cause. A tracer that finds it spent records no more.</summary>
internal sealed class TraceBudget(long bytes)
{
    private long _left = bytes;

    /// <summary>Whether more was asked for than there is.</summary>
    public bool IsSpent => _left < 0;

    /// <summary>Takes from it; false when it is spent.</summary>
    public bool Take(long bytes)
    {
        if (_left >= 0) _left -= bytes;
        return _left >= 0;
    }
}
