using CPChain.Data.Encoding;
using CPChain.Data.Erasure;

namespace CPChain.Data.Blocks;

/// <summary>How a stream is cut: period T, encryption interval e, upload interval u, and the erasure code (rules D3.1,
/// D6.1).</summary>
/// <param name="PeriodMs">T: readings of one period go into one block; milliseconds.</param>
/// <param name="BlocksPerKey">e: blocks of one encryption interval, which share a key.</param>
/// <param name="BlocksPerUpload">u: blocks that one record on the chain vouches for; a multiple of e.</param>
/// <param name="DataShards">k: shards that suffice to join a block.</param>
/// <param name="TotalShards">n: shards that are stored.</param>
public sealed record StreamProfile(uint PeriodMs, ushort BlocksPerKey, ushort BlocksPerUpload, byte DataShards, byte TotalShards)
{
    /// <summary>Most blocks of an upload, so that a manifest stays small.</summary>
    public const int BlocksPerUploadMax = 256;

    /// <summary>Bytes of the encoding.</summary>
    internal const int Length = 10;

    /// <summary>Five-minute blocks, two to a key, four to an upload, any 4 of 6 shards.</summary>
    public static StreamProfile Default { get; } = new(300_000, 2, 4, 4, 6);

    /// <summary>Whether the numbers fit together.</summary>
    public bool IsValid => PeriodMs > 0 && BlocksPerKey > 0 && BlocksPerUpload is > 0 and <= BlocksPerUploadMax
        && BlocksPerUpload % BlocksPerKey == 0 && ReedSolomon.IsValid(DataShards, TotalShards);

    /// <summary>Hash that the chain keeps with the stream.</summary>
    public Types.Hash256 Hash()
    {
        ByteSink sink = new();
        sink.Bytes("cpchain/profile/1"u8);
        Write(sink);
        return Types.Hash256.FromBytes(System.Security.Cryptography.SHA256.HashData(sink.Written));
    }

    /// <summary>The erasure code.</summary>
    public ReedSolomon Code() => new(DataShards, TotalShards);

    /// <summary>The encryption interval of a block.</summary>
    public ulong IntervalOf(ulong seq) => seq / BlocksPerKey;

    internal void Write(ByteSink sink)
    {
        sink.U32(PeriodMs);
        sink.U16(BlocksPerKey);
        sink.U16(BlocksPerUpload);
        sink.U8(DataShards);
        sink.U8(TotalShards);
    }

    internal static StreamProfile Read(ref ByteSource source)
    {
        StreamProfile profile = new(source.U32(), source.U16(), source.U16(), source.U8(), source.U8());
        if (!profile.IsValid) source.Fail();
        return profile;
    }
}
