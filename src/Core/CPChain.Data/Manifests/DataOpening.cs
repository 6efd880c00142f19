using CPChain.Data.Blocks;
using CPChain.Data.Columns;
using CPChain.Data.Keys;

namespace CPChain.Data.Manifests;

/// <summary>The buyer's side of the pipeline: opens a manifest's blocks with bought keys and checks what the manifest
/// promises (rule D7.5).</summary>
public static class DataOpening
{
    /// <summary>Opens one block; the key must match the commitment that the owner signed before it is used.</summary>
    public static ManifestFault TryOpen(Manifest manifest, BlockHeader header, ReadOnlySpan<byte> ciphertext, KeyBundle keys,
        IBlockCipher cipher, out BlockContent? content, out BlockFault fault)
    {
        (content, fault) = (null, BlockFault.Key);
        if (!manifest.TryCommitment(header.Interval, out Types.Hash256 commitment)) return ManifestFault.Interval;
        if (!keys.TryIntervalKey(header.Interval, out SymmetricKey? key)) return ManifestFault.KeyCommitment;
        using (key)
        {
            if (key.Commitment() != commitment) return ManifestFault.KeyCommitment;
            fault = BlockSeal.Open(header, ciphertext, key, cipher, out content);
            return ManifestFault.None;
        }
    }

    /// <summary>Joins opened blocks to a file: one header row, then all rows.</summary>
    public static byte[] Join(IEnumerable<BlockContent> blocks)
    {
        Encoding.ByteSink file = new(1 << 16);
        foreach (BlockContent block in blocks)
        {
            if (file.Length == 0) file.Bytes(block.Header);
            file.Bytes(block.Rows);
        }
        return file.ToArray();
    }
}
