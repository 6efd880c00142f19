using System.Buffers.Binary;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>Reveals of proposers and the seed that they make together (D9).</summary>
public static class TermSeed
{
    /// <summary>H: one step of a hash chain.</summary>
    public static Hash256 Step(in Hash256 value)
    {
        Span<byte> input = stackalloc byte[12 + Hash256.Length];
        "CPC-REVEAL/1"u8.CopyTo(input);
        value.CopyTo(input[12..]);
        return Keccak256.Hash(input);
    }

    /// <summary>What who holds <paramref name="secret"/> claims with: H^B(secret), B numbers of a term.</summary>
    public static Hash256 Commitment(Hash256 secret, ulong termLength) => Steps(secret, termLength);

    /// <summary>What it reveals at an offset of the term, 0 to B - 1.</summary>
    public static Hash256 Reveal(Hash256 secret, ulong termLength, ulong offset)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, termLength);
        return Steps(secret, termLength - 1 - offset);
    }

    /// <summary>Whether a reveal at an offset is the one that was committed to (D9.1).</summary>
    public static bool IsRight(Hash256 reveal, Hash256 commitment, ulong offset) => Steps(reveal, offset + 1) == commitment;

    /// <summary>The mix before the first number of a term; before term 0 the seed is the hash of block 0.</summary>
    public static Hash256 Begin(in Hash256 seedBefore, ulong term) => Hash("CPC-MIX/1"u8, seedBefore, term, []);

    /// <summary>The mix after a number; the reveal is zero for an impeach block or without commitment.</summary>
    public static Hash256 Absorb(in Hash256 mix, ulong number, in Hash256 reveal)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Length];
        reveal.CopyTo(bytes);
        return Hash("CPC-MIX/1"u8, mix, number, bytes);
    }

    /// <summary>The seed of a term from the mix after its checkpoint.</summary>
    public static Hash256 Finish(in Hash256 mix, ulong term) => Hash("CPC-TERM-SEED/1"u8, mix, term, []);

    private static Hash256 Steps(Hash256 value, ulong count)
    {
        for (ulong i = 0; i < count; i++)
            value = Step(value);
        return value;
    }

    private static Hash256 Hash(ReadOnlySpan<byte> domain, in Hash256 value, ulong number, ReadOnlySpan<byte> rest)
    {
        Span<byte> input = stackalloc byte[domain.Length + Hash256.Length + 8 + rest.Length];
        domain.CopyTo(input);
        value.CopyTo(input[domain.Length..]);
        BinaryPrimitives.WriteUInt64BigEndian(input[(domain.Length + Hash256.Length)..], number);
        rest.CopyTo(input[(domain.Length + Hash256.Length + 8)..]);
        return Keccak256.Hash(input);
    }
}
