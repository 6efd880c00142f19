using System.Security.Cryptography;
using CPChain.Types;

namespace CPChain.Pdash.Storage;

/// <summary>Where content belongs: on the nodes whose identifiers are closest to its own by exclusive or (DAT-04, rule
/// D8.3).</summary>
public static class Placement
{
    /// <summary>Identifier of a node: SHA-256 of its address.</summary>
    public static Hash256 NodeId(Address node) => Hash256.FromBytes(SHA256.HashData(node.ToArray()));

    /// <summary>All nodes, closest first.</summary>
    public static IReadOnlyList<Address> Closest(in Hash256 content, IEnumerable<Address> nodes)
    {
        UInt256 id = content.ToUInt256();
        return [.. nodes.OrderBy(n => NodeId(n).ToUInt256() ^ id)];
    }

    /// <summary>One node for each shard, all different while there are enough nodes: each shard in turn takes the
    /// closest free one.</summary>
    public static IReadOnlyList<Address> Spread(IReadOnlyList<Hash256> shards, IReadOnlyCollection<Address> nodes)
    {
        List<Address> chosen = [];
        HashSet<Address> used = [];
        foreach (Hash256 shard in shards)
        {
            if (used.Count == nodes.Count) used.Clear();
            Address node = Closest(shard, nodes).First(n => !used.Contains(n));
            used.Add(node);
            chosen.Add(node);
        }
        return chosen;
    }
}
