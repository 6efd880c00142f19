using System.Diagnostics.CodeAnalysis;
using CPChain.Data.Encoding;
using CPChain.Data.Merkle;
using CPChain.Types;

namespace CPChain.Data.Erasure;

/// <summary>What a storage node keeps of a block: one of n pieces, with enough said to put it to use (rule D5.2).</summary>
/// <param name="DataShards">k of the code.</param>
/// <param name="TotalShards">n of the code.</param>
/// <param name="Index">Which of the n pieces, from 0.</param>
/// <param name="BlockBytes">Length of the whole ciphertext.</param>
/// <param name="Payload">The piece.</param>
public sealed record Shard(byte DataShards, byte TotalShards, byte Index, int BlockBytes, byte[] Payload)
{
    /// <summary>Version that this program writes.</summary>
    public const byte Version = 1;

    /// <summary>Largest encoded shard, in bytes.</summary>
    public const int BytesMax = 4 << 20;

    private const int HeadBytes = 8;

    /// <summary>Canonical bytes; their content id names the shard.</summary>
    public byte[] Encode()
    {
        ByteSink sink = new(HeadBytes + Payload.Length);
        sink.Bytes([Version, DataShards, TotalShards, Index]);
        sink.U32((uint)BlockBytes);
        sink.Bytes(Payload);
        return sink.ToArray();
    }

    /// <summary>Reads a shard; an unknown version, a code that cannot be or a wrong length is refused.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Shard? shard)
    {
        shard = null;
        ByteSource source = new(bytes);
        if (source.U8() != Version || bytes.Length > BytesMax) return false;
        byte k = source.U8(), n = source.U8(), index = source.U8();
        uint blockBytes = source.U32();
        if (source.Failed || !ReedSolomon.IsValid(k, n) || index >= n || blockBytes > int.MaxValue) return false;
        if ((blockBytes + k - 1) / k != (uint)source.Remaining) return false;
        shard = new Shard(k, n, index, (int)blockBytes, source.Bytes(source.Remaining).ToArray());
        return true;
    }

    /// <summary>Cuts ciphertext into encoded shards with their content ids.</summary>
    public static IReadOnlyList<(Hash256 Id, byte[] Bytes)> Cut(ReadOnlySpan<byte> ciphertext, ReedSolomon code)
    {
        byte[][] pieces = code.Encode(ciphertext);
        List<(Hash256, byte[])> shards = [];
        for (int i = 0; i < pieces.Length; i++)
        {
            byte[] bytes = new Shard((byte)code.DataShards, (byte)code.TotalShards, (byte)i, ciphertext.Length, pieces[i]).Encode();
            shards.Add((SegmentTree.Root(bytes), bytes));
        }
        return shards;
    }

    /// <summary>Joins ciphertext of <paramref name="blockBytes"/> bytes from encoded shards; null, altered and foreign
    /// ones count as lost.</summary>
    /// <param name="ids">The content ids that the manifest names, in order.</param>
    /// <param name="shards">What was fetched for each id.</param>
    /// <param name="code">The code that the manifest names.</param>
    /// <param name="blockBytes">Length of the ciphertext, from the block's header.</param>
    /// <param name="ciphertext">The joined bytes.</param>
    /// <param name="damaged">Indexes of shards that were there and did not match their id.</param>
    public static bool TryJoin(IReadOnlyList<Hash256> ids, IReadOnlyList<byte[]?> shards, ReedSolomon code, int blockBytes,
        out byte[] ciphertext, out IReadOnlyList<int> damaged)
    {
        byte[]?[] payloads = new byte[]?[ids.Count];
        List<int> bad = [];
        for (int i = 0; i < ids.Count; i++)
        {
            if (shards[i] is not { } bytes) continue;
            bool good = SegmentTree.Root(bytes) == ids[i] && TryDecode(bytes, out Shard? shard) && shard.Index == i
                && shard.BlockBytes == blockBytes && shard.DataShards == code.DataShards && shard.TotalShards == code.TotalShards;
            if (good) payloads[i] = bytes[HeadBytes..];
            else bad.Add(i);
        }
        damaged = bad;
        return code.TryDecode(payloads, blockBytes, out ciphertext);
    }
}
