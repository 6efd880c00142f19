using System.Buffers.Binary;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Simulation.Nodes.World;

/// <summary>Keys that every simulated world shares, because making them costs more than a block.</summary>
internal static class SharedKeys
{
    private const int Nodes = 24;
    private const int Clients = 4;

    private static readonly PrivateKey[] All = [.. Enumerable.Range(0, Nodes + Clients).Select(Make)];

    internal static PrivateKey OfNode(int index) => All[index];

    internal static PrivateKey OfClient(int index) => All[Nodes + index];

    /// <summary>Who names validators; behind every node of the largest world.</summary>
    internal static PrivateKey OfGovernance => All[Nodes - 1];

    internal static int ClientCount => Clients;

    private static PrivateKey Make(int index)
    {
        byte[] seed = [.. "CPChain simulated key"u8, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(seed.AsSpan(seed.Length - 4), index);
        Invariant.Check(PrivateKey.TryFromBytes(Keccak256.Hash(seed).ToArray(), out PrivateKey? key), "A hash is a secret.");
        return key!;
    }
}
