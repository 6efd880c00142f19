using CPChain.Types;

namespace CPChain.EvmTools.Benchmarks;

/// <summary>Code that calls a target many times, so that one outermost call is long enough to be timed from outside.
/// It stands at the sender's address: the target sees the caller it expects.</summary>
/// <remarks>Call data: the number of calls (one word), then what every call gets. It returns the gas left (one word) and
/// reverts where a call fails, so that two engines can be compared by what they return.</remarks>
internal static class CallLoop
{
    // Copies the input to memory, takes the count; loop (0x0d): when the count is zero jump to 0x3e; operands of CALL.
    private const string Head = "602036038060206000376000355b8015603e5760006000836000600073";

    // CALL with all gas, failed: 0x48; count - 1, loop. At 0x3e: return the gas left. At 0x48: revert.
    private const string Tail = "5af11560485760019003600d565b5a60005260206000f35b60006000fd";

    /// <summary>The code for one target.</summary>
    internal static byte[] Code(in Address target) => Hex.Decode(Head + Convert.ToHexString(target.ToArray()) + Tail);

    /// <summary>Call data for a number of calls.</summary>
    internal static byte[] Input(ulong count, ReadOnlySpan<byte> input) => [.. new UInt256(count).ToBigEndian(), .. input];
}
