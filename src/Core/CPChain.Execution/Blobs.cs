using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>Blob transactions (EIP-4844). This chain carries none; the rules exist for Ethereum's state tests.</summary>
public static class Blobs
{
    /// <summary>Gas of one blob.</summary>
    public const ulong GasPerBlob = 1 << 17;

    /// <summary>First byte of the hash of a KZG commitment.</summary>
    private const byte KzgVersion = 0x01;

    /// <summary>Gas of all blobs of a transaction; zero for other envelopes.</summary>
    public static ulong GasOf(UnsignedTransaction transaction) => GasPerBlob * (ulong)transaction.BlobHashes.Length;

    /// <summary>Fee per blob gas in base units: e to the power of excess / fraction, by the series of the EIP.</summary>
    /// <param name="excess">Excess blob gas of the block.</param>
    /// <param name="fraction">BLOB_BASE_FEE_UPDATE_FRACTION of the fork.</param>
    public static UInt256 BaseFee(ulong excess, ulong fraction)
    {
        UInt256 sum = UInt256.Zero;
        UInt256 term = fraction;
        for (ulong i = 1; !term.IsZero; i++)
        {
            sum += term;
            term = term * excess / (new UInt256(fraction) * i);
        }

        return sum / fraction;
    }

    /// <summary>The rules of a blob transaction that need no state.</summary>
    internal static ValidityFault Check(UnsignedTransaction transaction, int blobsMax)
    {
        if (transaction.To is null || transaction.BlobHashes.IsEmpty)
            return ValidityFault.BlobsMalformed;
        foreach (Hash256 hash in transaction.BlobHashes)
        {
            if (hash.ToArray()[0] != KzgVersion)
                return ValidityFault.BlobsMalformed;
        }

        return transaction.BlobHashes.Length > blobsMax ? ValidityFault.TooManyBlobs : ValidityFault.None;
    }
}
