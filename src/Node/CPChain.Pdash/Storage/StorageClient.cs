using CPChain.Data.Blocks;
using CPChain.Data.Erasure;
using CPChain.Data.Manifests;
using CPChain.Data.Merkle;
using CPChain.Network;
using CPChain.Pdash.Wire;
using CPChain.Types;

namespace CPChain.Pdash.Storage;

/// <summary>What came back for a block.</summary>
/// <param name="Ciphertext">The joined ciphertext; empty when too few shards were good.</param>
/// <param name="IsJoined">Whether it could be joined.</param>
/// <param name="GoodShards">Shards that matched their ids.</param>
/// <param name="DamagedShards">Indexes of shards that a node had and that were damaged.</param>
/// <param name="UnreachableNodes">Nodes that did not answer.</param>
public sealed record FetchedBlock(byte[] Ciphertext, bool IsJoined, int GoodShards, IReadOnlyList<int> DamagedShards,
    IReadOnlyList<Address> UnreachableNodes);

/// <summary>Puts content on storage nodes and gets it back, checking everything against content ids.</summary>
public sealed class StorageClient
{
    /// <summary>Copies of manifests, grants and key records.</summary>
    public const int Copies = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly PeerLinks _links;
    private readonly Dictionary<Address, PeerAddress> _nodes;

    internal StorageClient(PeerLinks links, IReadOnlyList<PeerAddress> nodes)
    {
        _links = links;
        _nodes = nodes.ToDictionary(n => n.Identity);
    }

    /// <summary>The nodes that are known.</summary>
    public IReadOnlyCollection<Address> Nodes => _nodes.Keys;

    /// <summary>Puts each shard of a block on another node; gives where each one lies.</summary>
    /// <exception cref="PdashException">A shard was taken by no node.</exception>
    public async Task<IReadOnlyList<Address>> PutShardsAsync(UploadBlock block, CancellationToken cancel = default)
    {
        IReadOnlyList<Address> wanted = Placement.Spread([.. block.Shards.Select(s => s.Id)], Nodes);
        return await Task.WhenAll(block.Shards.Select((shard, i) => PutSomewhereAsync(shard, wanted[i], cancel)))
            .ConfigureAwait(false);
    }

    private async Task<Address> PutSomewhereAsync((Hash256 Id, byte[] Bytes) shard, Address wanted, CancellationToken cancel)
    {
        List<string> refusals = [];
        foreach (Address node in (Address[])[wanted, .. Placement.Closest(shard.Id, Nodes).Where(n => n != wanted)])
        {
            Reply reply = await AskAsync(node, PdashMessages.PutContent, shard.Bytes, cancel).ConfigureAwait(false);
            if (IsStored(reply, out string refusal)) return node;
            refusals.Add($"{node}: {refusal}");
        }
        throw new PdashException(PdashFault.Storage,
            $"No storage node took shard {shard.Id}: {string.Join("; ", refusals)}. Start more nodes or raise their quota.");
    }

    /// <summary>Puts content on the closest nodes; gives its id.</summary>
    /// <exception cref="PdashException">No node took it.</exception>
    public async Task<Hash256> PutAsync(byte[] content, CancellationToken cancel = default)
    {
        Hash256 id = SegmentTree.Root(content);
        await PutCopiesAsync(id, PdashMessages.PutContent, content, cancel).ConfigureAwait(false);
        return id;
    }

    /// <summary>Puts a key record on the nodes closest to its place.</summary>
    /// <exception cref="PdashException">No node took it.</exception>
    public Task PutRecordAsync(KeyRecord record, CancellationToken cancel = default) =>
        PutCopiesAsync(record.Place, PdashMessages.PutRecord, record.Encode(), cancel);

    private async Task PutCopiesAsync(Hash256 place, ushort type, byte[] bytes, CancellationToken cancel)
    {
        int copies = 0;
        string last = "no storage node is known";
        foreach (Address node in Placement.Closest(place, Nodes))
        {
            Reply reply = await AskAsync(node, type, bytes, cancel).ConfigureAwait(false);
            if (IsStored(reply, out string refusal)) copies++;
            else last = refusal;
            if (copies == Copies) return;
        }
        if (copies == 0) throw new PdashException(PdashFault.Storage, $"No storage node took {place}: {last}.");
    }

    /// <summary>Gets content whose id matches, from the closest node that has it; null when none has.</summary>
    public async Task<byte[]?> GetAsync(Hash256 id, CancellationToken cancel = default)
    {
        foreach (Address node in Placement.Closest(id, Nodes))
            if (await GetFromAsync(node, id, cancel).ConfigureAwait(false) is (GetStatus.Found, { } content)) return content;
        return null;
    }

    /// <summary>Gets the newest good key record at a place; null when no node has one.</summary>
    public async Task<KeyRecord?> GetRecordAsync(Hash256 place, long nowMs, CancellationToken cancel = default)
    {
        KeyRecord? newest = null;
        foreach (Address node in Placement.Closest(place, Nodes).Take(2 * Copies))
        {
            Reply reply = await AskAsync(node, PdashMessages.GetRecord, place.ToArray(), cancel).ConfigureAwait(false);
            if (!reply.IsOk || KeyRecord.TryDecode(reply.Payload.Span, nowMs, out KeyRecord? record) != ManifestFault.None) continue;
            if (record!.Place == place && (newest is null || record.Version > newest.Version)) newest = record;
        }
        return newest;
    }

    /// <summary>Fetches shards until k are good and joins them; damaged ones and silent nodes are noted and passed
    /// over.</summary>
    public async Task<FetchedBlock> GetBlockAsync(ManifestBlock block, StreamProfile profile, CancellationToken cancel = default)
    {
        IReadOnlyList<Address> places = Placement.Spread(block.ShardIds, Nodes);
        byte[]?[] shards = new byte[]?[block.ShardIds.Count];
        List<int> damaged = [];
        List<Address> unreachable = [];
        (GetStatus? Status, byte[]? Content)[] first = await Task.WhenAll(
            block.ShardIds.Select((id, i) => GetFromAsync(places[i], id, cancel))).ConfigureAwait(false);
        for (int i = 0; i < first.Length; i++)
        {
            shards[i] = first[i].Content;
            if (first[i].Status == GetStatus.Damaged) damaged.Add(i);
            if (first[i].Status is null) unreachable.Add(places[i]);
        }
        // A node that was full passes its shard on to a farther one, which is asked only when k are not there yet.
        for (int i = 0; i < shards.Length && shards.Count(s => s is not null) < profile.DataShards; i++)
        {
            if (shards[i] is not null) continue;
            foreach (Address node in Placement.Closest(block.ShardIds[i], Nodes).Where(n => !unreachable.Contains(n)))
                if ((shards[i] = (await GetFromAsync(node, block.ShardIds[i], cancel).ConfigureAwait(false)).Content) is not null) break;
        }
        bool joined = Shard.TryJoin(block.ShardIds, shards, profile.Code(), (int)block.Header.Size, out byte[] ciphertext,
            out IReadOnlyList<int> altered);
        int good = shards.Count(s => s is not null) - altered.Count;
        return new FetchedBlock(ciphertext, joined, good, [.. damaged.Union(altered).Order()], unreachable);
    }

    /// <summary>Joins a block and puts every shard that is lost or damaged back on a node; gives how many.</summary>
    /// <exception cref="PdashException">Too few shards are left, or no node takes one.</exception>
    public async Task<int> RepairAsync(ManifestBlock block, StreamProfile profile, CancellationToken cancel = default)
    {
        FetchedBlock fetched = await GetBlockAsync(block, profile, cancel).ConfigureAwait(false);
        if (!fetched.IsJoined)
            throw new PdashException(PdashFault.Storage,
                $"Block {block.Header.Seq} is lost: {fetched.GoodShards} of {profile.DataShards} needed shards are left.");
        IReadOnlyList<(Hash256 Id, byte[] Bytes)> shards = Shard.Cut(fetched.Ciphertext, profile.Code());
        IReadOnlyList<Address> places = Placement.Spread(block.ShardIds, Nodes);
        int restored = 0;
        for (int i = 0; i < shards.Count; i++)
        {
            if ((await GetFromAsync(places[i], block.ShardIds[i], cancel).ConfigureAwait(false)).Content is not null) continue;
            await PutSomewhereAsync(shards[i], places[i], cancel).ConfigureAwait(false);
            restored++;
        }
        return restored;
    }

    /// <summary>Whether each id is held by the node; null when it does not answer.</summary>
    public async Task<IReadOnlyList<bool>?> HasAsync(Address node, IReadOnlyList<Hash256> ids, CancellationToken cancel = default)
    {
        Reply reply = await AskAsync(node, PdashMessages.HaveContent, ids.SelectMany(i => i.ToArray()).ToArray(), cancel)
            .ConfigureAwait(false);
        return reply.IsOk && reply.Payload.Length == ids.Count ? [.. reply.Payload.ToArray().Select(b => b == 1)] : null;
    }

    /// <summary>A content that does not match its id is given on as found only to the joining of shards, which names
    /// it.</summary>
    private async Task<(GetStatus? Status, byte[]? Content)> GetFromAsync(Address node, Hash256 id, CancellationToken cancel)
    {
        Reply reply = await AskAsync(node, PdashMessages.GetContent, id.ToArray(), cancel).ConfigureAwait(false);
        if (!reply.IsOk || reply.Payload.IsEmpty) return (null, null);
        GetStatus status = (GetStatus)reply.Payload.Span[0];
        if (status != GetStatus.Found) return (status, null);
        byte[] content = reply.Payload[1..].ToArray();
        return SegmentTree.Root(content) == id ? (GetStatus.Found, content) : (GetStatus.Damaged, null);
    }

    /// <summary>Whether a node says that it took what was put; any other answer, an empty one as well, is a refusal.</summary>
    private static bool IsStored(Reply reply, out string refusal)
    {
        ReadOnlySpan<byte> answer = reply.IsOk ? reply.Payload.Span : default;
        refusal = !reply.IsOk ? $"{reply.Status}" : answer.Length != 1 ? "no answer of one byte" : $"{(PutStatus)answer[0]}";
        return answer.Length == 1 && answer[0] == (byte)PutStatus.Stored;
    }

    private Task<Reply> AskAsync(Address node, ushort type, byte[] payload, CancellationToken cancel) =>
        _links.AskAsync(_nodes[node], type, payload, Patience, cancel);
}
