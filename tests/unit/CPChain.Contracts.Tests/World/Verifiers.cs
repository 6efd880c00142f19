using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Contracts.Tests.World;

/// <summary>
/// Code that stands in for the precompiles, so that proofs cost no work here. A good proof is bound to every word of the input, so that a
/// foreign or an old one fails as it will with real work.
/// </summary>
internal static class Verifiers
{
    /// <summary>Of 128 bytes account, nonce, hash, difficulty: 1 iff nonce = the end of keccak256(account || hash || difficulty).</summary>
    public static byte[] Cpu { get; } = WorkVerifier("60");

    /// <summary>The same over one zero word more, so that a processor's proof is no memory proof.</summary>
    public static byte[] Memory { get; } = WorkVerifier("80");

    /// <summary>Of 128 bytes: gives the first three words iff the fourth is their keccak256.</summary>
    public static byte[] Evidence { get; } = Hex.Decode("0x6080361460" + "0a575f5ffd5b60605f5f3760605f20606035146" + "01e575f5ffd5b60605ff3");

    /// <summary>Returns 32 bytes that are 2: an answer, but not the one word that means good.</summary>
    public static byte[] Two { get; } = Hex.Decode("0x60025f5260205ff3");

    /// <summary>Returns one byte.</summary>
    public static byte[] Short { get; } = Hex.Decode("0x60015ff3");

    /// <summary>Refuses everything.</summary>
    public static byte[] Refusing { get; } = Hex.Decode("0x5f5ffd");

    public static ulong CpuNonce(Address account, Hash256 blockHash, ulong difficulty) => Nonce(account, blockHash, difficulty, 0);

    public static ulong MemoryNonce(Address account, Hash256 blockHash, ulong difficulty) => Nonce(account, blockHash, difficulty, 32);

    /// <summary>A proof that the planted verifier takes.</summary>
    public static byte[] EvidenceProof(Address account, UInt256 number, UInt256 offence)
    {
        byte[] words = [.. account.ToUInt256().ToBigEndian(), .. number.ToBigEndian(), .. offence.ToBigEndian()];
        return [.. words, .. Keccak256.Hash(words).ToArray()];
    }

    private static ulong Nonce(Address account, Hash256 blockHash, ulong difficulty, int zeros)
    {
        byte[] input = [.. account.ToUInt256().ToBigEndian(), .. blockHash.ToArray(), .. new UInt256(difficulty).ToBigEndian(), .. new byte[zeros]];
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(Keccak256.Hash(input).ToArray().AsSpan(24));
    }

    // calldatasize must be 128; mem = account, hash, difficulty; keccak over so many bytes; its low 64 bits against the nonce.
    private static byte[] WorkVerifier(string hashed) => Hex.Decode(
        "0x6080361460" + "0a575f5ffd5b" + "5f355f52" + "604035602052" + "606035604052" + $"60{hashed}5f20"
        + "67ffffffffffffffff16" + "60203514" + "5f5260205ff3");
}
