using CPChain.Crypto;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Simulation;

/// <summary>
/// Signatures as plain values: the machine looks at none, so cheap ones can stand for those of a curve.
/// </summary>
/// <remarks>
/// A key is a number: seats from 0, proposers after them. What <see cref="Sign"/> makes is bound to key, chain and
/// statement; adversaries sign with their own keys only, so whatever else they send is refused.
/// </remarks>
public static class StubSignatures
{
    /// <summary>The value that stands for every signature of a key, where nobody forges.</summary>
    public static Signature OfSeat(int key) => new(new UInt256(0, (ulong)key + 1), UInt256.One, 0);

    /// <summary>The key that a signature claims to be of; -1 for none.</summary>
    public static int SeatOf(in Signature signature) => (int)signature.R.U1 - 1;

    /// <summary>A signature of this key, on this chain, of this statement and no other.</summary>
    public static Signature Sign(int key, in Statement statement, ulong chain)
    {
        unchecked
        {
            UInt256 hash = statement.Hash.ToUInt256();
            ulong state = Mix(((ulong)key << 8) | (byte)statement.Kind);
            state = Mix(state ^ chain);
            state = Mix(state ^ statement.Height.Value);
            state = Mix(state ^ (((ulong)statement.Round << 32) | (uint)statement.ValidRound));
            state = Mix(state ^ hash.U0);
            state = Mix(state ^ hash.U3);
            return new Signature(new UInt256(state, (ulong)key + 1), UInt256.One, 0);
        }
    }

    // The finaliser of SplitMix64.
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            ulong z = value + 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
