using System.Buffers.Binary;
using System.Security.Cryptography;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>Proofs that a machine has a processor and memory, bound to an account and a block (D12.1). Pure functions.</summary>
public static class AdmissionProof
{
    /// <summary>The least difficulty, bits.</summary>
    public const int DifficultyMin = 1;

    /// <summary>The greatest difficulty, bits.</summary>
    public const int DifficultyMax = 64;

    /// <summary>What is hashed: account, hash of a block, nonce.</summary>
    public const int DataBytes = Address.Length + Hash256.Length + sizeof(ulong);

    // As the original: 4 MiB, one pass, the account's beginning for salt.
    private const ulong ScryptN = 4096;
    private const uint ScryptR = 8;
    private const uint ScryptP = 1;
    private const int SaltBytes = 8;

    /// <summary>Whether the nonce is a proof. A try at difficulty d succeeds with chance 2^-d.</summary>
    /// <param name="work">What it shows.</param>
    /// <param name="account">Whose it is.</param>
    /// <param name="blockHash">Hash of the proof's block.</param>
    /// <param name="nonce">The nonce.</param>
    /// <param name="difficulty">Bits, 1 to 64.</param>
    public static bool IsRight(AdmissionWork work, in Address account, in Hash256 blockHash, ulong nonce, int difficulty)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(difficulty, DifficultyMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(difficulty, DifficultyMax);
        return ResultOf(work, account, blockHash, nonce) <= UInt256.One << (256 - difficulty);
    }

    /// <summary>The result that is held against the bound, read big-endian.</summary>
    public static UInt256 ResultOf(AdmissionWork work, in Address account, in Hash256 blockHash, ulong nonce)
    {
        Span<byte> data = stackalloc byte[DataBytes];
        account.CopyTo(data);
        blockHash.CopyTo(data[Address.Length..]);
        BinaryPrimitives.WriteUInt64LittleEndian(data[(Address.Length + Hash256.Length)..], nonce);
        Span<byte> result = stackalloc byte[32];
        if (work == AdmissionWork.Processor) SHA256.HashData(data, result);
        else Remember(data, result);
        return UInt256.FromBigEndian(result);
    }

    // A node that cannot have 4 MiB must not judge the proof: others would judge it otherwise.
    private static void Remember(ReadOnlySpan<byte> data, Span<byte> result)
    {
        if (!Scrypt.TryDerive(data, data[..SaltBytes], ScryptN, ScryptR, ScryptP, result))
            throw new InsufficientMemoryException("There is no memory to check a proof of memory (scrypt, 4 MiB).");
    }
}
