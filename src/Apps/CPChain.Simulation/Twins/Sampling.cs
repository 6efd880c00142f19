namespace CPChain.Simulation.Twins;

/// <summary>Visits the numbers below a bound in an order that a seed decides, each exactly once.</summary>
/// <remarks>A four-round Feistel network on the next even number of bits; what falls outside is mapped again.</remarks>
public sealed class Sampling
{
    private const int Rounds = 4;

    private readonly UInt128 _count;
    private readonly ulong _seed;
    private readonly int _halfBits;

    /// <param name="count">The bound, below 2^124.</param>
    /// <param name="seed">The order; 0 leaves the numbers in their own order.</param>
    public Sampling(UInt128 count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, UInt128.One << 124);
        ArgumentOutOfRangeException.ThrowIfZero(count);
        _count = count;
        _seed = seed;
        int bits = 0;
        while (bits < 124 && UInt128.One << bits < count) bits++;
        _halfBits = (bits + 1) / 2;
    }

    public UInt128 At(UInt128 position)
    {
        UInt128 number = position % _count;
        if (_seed == 0) return number;

        do number = Permute(number);
        while (number >= _count);
        return number;
    }

    private UInt128 Permute(UInt128 value)
    {
        ulong mask = (1UL << _halfBits) - 1;
        ulong left = (ulong)(value >> _halfBits);
        ulong right = (ulong)(value & mask);
        for (int round = 0; round < Rounds; round++)
            (left, right) = (right, left ^ (Mix(right ^ ((ulong)round << 62), _seed) & mask));
        return ((UInt128)left << _halfBits) | right;
    }

    // The finaliser of SplitMix64.
    private static ulong Mix(ulong value, ulong seed)
    {
        unchecked
        {
            ulong z = (value ^ seed) * 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
