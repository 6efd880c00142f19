using CPChain.Data.Erasure;
using CPChain.Data.Manifests;
using CPChain.Network;

namespace CPChain.Pdash.Wire;

/// <summary>The message types between gateways, sellers, buyers, proxies and storage nodes (spec D8).</summary>
public static class PdashMessages
{
    /// <summary>Version byte at the start of every payload that has more than fixed fields.</summary>
    public const byte Version = 1;

    /// <summary>Content to keep under its content id; the reply is a <see cref="Storage.PutStatus"/>.</summary>
    public const ushort PutContent = 0x0501;

    /// <summary>32-byte content id; the reply is a <see cref="Storage.GetStatus"/> and the content.</summary>
    public const ushort GetContent = 0x0502;

    /// <summary>Content ids one behind the other; the reply has one byte for each, 1 for held.</summary>
    public const ushort HaveContent = 0x0503;

    /// <summary>A key record to keep at its place; the reply is a <see cref="Storage.PutStatus"/>.</summary>
    public const ushort PutRecord = 0x0504;

    /// <summary>32-byte place; the reply is the newest key record.</summary>
    public const ushort GetRecord = 0x0505;

    /// <summary>Stream id and epoch; the reply is the owner's key and the label key for the epoch's seed.</summary>
    public const ushort OwnerKeys = 0x0511;

    /// <summary>A manifest without signature; the reply is the owner's signature.</summary>
    public const ushort SignManifest = 0x0512;

    /// <summary>Content id of a manifest that is stored; the reply says where it was anchored.</summary>
    public const ushort AnchorManifest = 0x0513;

    /// <summary>A sealed key fragment with its grant, from seller to proxy; the reply is one byte.</summary>
    public const ushort PutFragment = 0x0521;

    /// <summary>Order and capsule, from buyer to proxy; the reply is a capsule fragment and a signed receipt.</summary>
    public const ushort ReEncrypt = 0x0522;

    /// <summary>Largest content of a storage node, in bytes.</summary>
    public const int ContentBytesMax = Shard.BytesMax;

    /// <summary>Most ids of a <see cref="HaveContent"/>.</summary>
    public const int HaveIdsMax = 1024;

    private const int SmallBytes = 16 << 10;

    /// <summary>All types with their bounds.</summary>
    public static MessageCatalog Catalog { get; } = new(
    [
        new MessageSpec(PutContent, "put-content", Lane.Bulk, ContentBytesMax, 1),
        new MessageSpec(GetContent, "get-content", Lane.Bulk, 32, 1 + ContentBytesMax),
        new MessageSpec(HaveContent, "have-content", Lane.Gossip, 32 * HaveIdsMax, HaveIdsMax),
        new MessageSpec(PutRecord, "put-record", Lane.Gossip, KeyRecord.BytesMax, 1),
        new MessageSpec(GetRecord, "get-record", Lane.Gossip, 32, KeyRecord.BytesMax),
        new MessageSpec(OwnerKeys, "owner-keys", Lane.Gossip, 36, SmallBytes),
        new MessageSpec(SignManifest, "sign-manifest", Lane.Gossip, Manifest.BytesMax, SmallBytes),
        new MessageSpec(AnchorManifest, "anchor-manifest", Lane.Gossip, 32, SmallBytes),
        new MessageSpec(PutFragment, "put-fragment", Lane.Gossip, SmallBytes, 1),
        new MessageSpec(ReEncrypt, "re-encrypt", Lane.Gossip, SmallBytes, SmallBytes),
    ]);
}
