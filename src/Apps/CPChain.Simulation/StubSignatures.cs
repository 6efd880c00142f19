using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Simulation;

/// <summary>
/// Signatures as plain values: the machine looks at none, so a seat's number can stand for its signature.
/// </summary>
public static class StubSignatures
{
    /// <summary>The value that stands for every signature of a seat.</summary>
    public static Signature OfSeat(int seat) => new(new UInt256((ulong)seat + 1, 0, 0, 0), UInt256.One, 0);

    /// <summary>The seat that a value of <see cref="OfSeat"/> stands for.</summary>
    public static int SeatOf(in Signature signature) => (int)(ulong)signature.R - 1;
}
