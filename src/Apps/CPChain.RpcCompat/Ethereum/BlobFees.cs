using CPChain.Execution;
using CPChain.Types;

namespace CPChain.RpcCompat.Ethereum;

/// <summary>The price of blobs from block to block (EIP-4844, EIP-7918).</summary>
internal static class BlobFees
{
    /// <summary>BLOB_BASE_COST of EIP-7918.</summary>
    private const ulong ReserveGas = 1 << 13;

    public static UInt256 Of(ulong excess, BlobSchedule schedule) => Blobs.BaseFee(excess, schedule.Fraction);

    /// <summary>Excess blob gas of the block after <paramref name="parent"/> under <paramref name="fork"/>.</summary>
    public static ulong NextExcess(EthereumHeader parent, EthereumFork fork)
    {
        if (fork.Blobs is not { } blobs || parent.ExcessBlobGas is not { } excess) return 0;
        ulong target = blobs.Target * Blobs.GasPerBlob;
        ulong used = parent.BlobGasUsed ?? 0;
        if (excess + used < target) return 0;
        // Since Osaka blobs never get much cheaper than the calls that go with them.
        bool isReserve = fork.Evm.HasP256
            && new UInt256(ReserveGas) * (parent.BaseFee ?? UInt256.Zero)
                > new UInt256(Blobs.GasPerBlob) * Of(excess, blobs);
        return isReserve ? excess + (used * (blobs.Max - blobs.Target) / blobs.Max) : excess + used - target;
    }
}
