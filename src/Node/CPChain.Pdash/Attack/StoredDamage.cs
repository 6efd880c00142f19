using System.IO;
using System.Security.Cryptography;
using CPChain.Pdash.Storage;
using CPChain.Types;

namespace CPChain.Pdash.Attack;

/// <summary>Damages what a storage node keeps, to show that it is found.</summary>
public static class StoredDamage
{
    private const int HeadBytes = 9;

    /// <summary>Flips one bit of stored content on the disk; false when the node does not hold it. A second flip mends
    /// it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="id">The content.</param>
    /// <param name="hides">Whether the node's own checksum is made to fit, as a lying node would do.</param>
    public static bool FlipBit(StorageNode node, Hash256 id, bool hides = false) => FlipBit(node.Content, id, hides);

    /// <summary>The same on the content store of a node that may run in another process.</summary>
    public static bool FlipBit(ContentStore content, Hash256 id, bool hides = false)
    {
        string path = content.PathOf(id);
        if (!File.Exists(path)) return false;
        byte[] file = File.ReadAllBytes(path);
        file[^1] ^= 1;
        if (hides) SHA256.HashData(file.AsSpan(HeadBytes)).AsSpan(0, HeadBytes - 1).CopyTo(file.AsSpan(1));
        File.WriteAllBytes(path, file);
        return true;
    }
}
