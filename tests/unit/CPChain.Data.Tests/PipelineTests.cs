using CPChain.Data.Blocks;
using CPChain.Data.Columns;
using CPChain.Data.Csv;
using CPChain.Data.Erasure;
using CPChain.Data.Keys;
using CPChain.Data.Manifests;
using CPChain.Data.Merkle;
using CPChain.Types;

namespace CPChain.Data.Tests;

public sealed class PipelineTests
{
    private static readonly StreamProfile Profile = new(50_000, 2, 4, 4, 6);

    [Fact]
    public void D6_1_rows_are_cut_by_period_and_by_size()
    {
        StreamBlocks blocks = new(10_000);
        List<uint> counts = [];
        for (int i = 0; i < 35; i++)
            if (blocks.Add("1,2\n"u8, i * 1000) is { } b) counts.Add(b.Count);
        counts.Add(blocks.Flush()!.Count);
        Assert.Equal([10u, 10u, 10u, 5u], counts);

        StreamBlocks big = new(uint.MaxValue);
        byte[] row = new byte[300_000];
        Assert.Equal([null, null, null, 3u], Enumerable.Range(0, 4).Select(i => big.Add(row, i)?.Count));
    }

    [Fact]
    public void D6_3_time_comes_from_a_column_or_the_row_number_and_never_goes_back()
    {
        byte[] text = "when,v,s\n2024-01-01 00:00:10,1,1.5\nbad,2,0.25\n2024-01-01 00:01:00,3,7.12345\n"u8.ToArray();
        Assert.True(CsvTable.TryRead(text, out CsvTable? table, out _));
        Assert.Equal([0, 1000, 2000], Times(table, null));
        long[] calendar = Times(table, "WHEN");
        Assert.Equal([0, 0, 50_000], calendar.Select(t => t - calendar[0]));
        Assert.Equal([1500, 1500, 7123], Times(table, "s"));
        Assert.False(RowTimes.TryCreate(table, "nope", out _, out CsvFault? fault));
        Assert.Equal(CsvFaultKind.TimeColumnMissing, fault.Kind);
    }

    [Fact]
    public void D7_uploads_hold_u_blocks_and_open_to_the_rows_they_were_made_of()
    {
        List<Upload> uploads = Fixed.Uploads(Profile, 10);
        Assert.Equal([4, 4, 2], uploads.Select(u => u.Blocks.Count));
        BlockHeader? previous = null;
        List<BlockContent> contents = [];
        foreach (Upload upload in uploads)
        {
            Assert.Equal(ManifestFault.None, Manifest.TryDecode(upload.ManifestBytes, out Manifest? manifest));
            Assert.Equal(upload.ManifestHash, manifest!.ManifestHash());
            Assert.Equal(ManifestFault.None, manifest.Verify(previous));
            Assert.True(KeyBundle.TryDecode(manifest.Envelope.WrappedKeys, out KeyBundle? keys));
            for (int b = 0; b < manifest.Blocks.Count; b++)
            {
                BlockHeader header = manifest.Blocks[b].Header;
                byte[]?[] shards = [null, null, .. upload.Blocks[b].Shards.Skip(2).Select(s => s.Bytes)];
                Assert.True(Shard.TryJoin(manifest.Blocks[b].ShardIds, shards, Profile.Code(), (int)header.Size, out byte[] cipher, out _));
                Assert.Equal(ManifestFault.None, DataOpening.TryOpen(manifest, header, cipher, keys!, AesGcmBlockCipher.Instance,
                    out BlockContent? content, out BlockFault fault));
                Assert.Equal(BlockFault.None, fault);
                Assert.Equal(b % 2 == 0 ? 13 : 0, content!.Header.Length);
                contents.Add(content);
            }
            previous = manifest.Blocks[^1].Header;
        }
        Assert.Equal([.. "t,speed,rpm\r\n"u8, .. Fixed.Rows(0, 500)], DataOpening.Join(contents));
    }

    [Fact]
    public void D3_5_one_interval_opens_its_blocks_and_no_others()
    {
        List<Upload> uploads = Fixed.Uploads(Profile, 8);
        using SymmetricKey master = Fixed.Master;
        using SymmetricKey seed = KeyTree.EpochSeed(master, Fixed.Stream, 0);
        using KeyBundle second = KeyBundle.Cut(seed, 1, 1);
        List<bool> opened = [];
        foreach (Upload upload in uploads)
            foreach (UploadBlock block in upload.Blocks)
                opened.Add(DataOpening.TryOpen(upload.Manifest, block.Sealed.Header, block.Sealed.Ciphertext, second,
                    AesGcmBlockCipher.Instance, out _, out BlockFault fault) == ManifestFault.None && fault == BlockFault.None);
        Assert.Equal([false, false, true, true, false, false, false, false], opened);
    }

    [Fact]
    public void D3_5_every_interval_key_and_block_key_is_different()
    {
        List<Upload> uploads = Fixed.Uploads(Profile, 12);
        Hash256[] commitments = [.. uploads.SelectMany(u => u.Manifest.KeyCommitments)];
        Assert.Equal(6, commitments.Distinct().Count());
        Assert.Equal(12, uploads.SelectMany(u => u.Blocks).Select(b => b.Sealed.Header.KeySalt).Distinct().Count());
    }

    [Fact]
    public void D3_6_any_changed_byte_of_ciphertext_or_header_is_found()
    {
        UploadBlock block = Fixed.Uploads(Profile, 1)[0].Blocks[0];
        using SymmetricKey master = Fixed.Master;
        using SymmetricKey seed = KeyTree.EpochSeed(master, Fixed.Stream, 0);
        using SymmetricKey key = KeyTree.IntervalKey(seed, 0);
        BlockHeader header = block.Sealed.Header;
        BlockFault Open(BlockHeader h, byte[] c) => BlockSeal.Open(h, c, key, AesGcmBlockCipher.Instance, out _);
        Assert.Equal(BlockFault.None, Open(header, block.Sealed.Ciphertext));
        for (int i = 0; i < block.Sealed.Ciphertext.Length; i += 13)
        {
            byte[] bad = block.Sealed.Ciphertext.ToArray();
            bad[i] ^= 0x40;
            Assert.Equal(BlockFault.CipherRoot, Open(header, bad));
            Assert.Equal(BlockFault.Key, Open(header with { CipherRoot = SegmentTree.Root(bad) }, bad));
        }
        Assert.Equal(BlockFault.Key, Open(header with { Seq = 1 }, block.Sealed.Ciphertext));
        Assert.Equal(BlockFault.Count, Open(header with { Count = 49 }, block.Sealed.Ciphertext));
        Assert.Equal(BlockFault.PlainRoot, Open(header with { PlainRoot = Hash256.Zero }, block.Sealed.Ciphertext));
        Assert.Equal(BlockFault.Content, Open(header with { RawBytes = 10 }, block.Sealed.Ciphertext));
    }

    [Fact]
    public void D7_4_a_changed_missing_reordered_or_foreign_block_is_found()
    {
        List<Upload> uploads = Fixed.Uploads(Profile, 8);
        Manifest good = uploads[0].Manifest;
        Manifest Signed(Manifest m) => Manifest.Sign(m, Fixed.Owner);
        ManifestBlock[] b = [.. good.Blocks];
        Assert.Equal(ManifestFault.OwnerSignature, (good with { SchemaId = Hash256.Zero }).Verify());
        Assert.Equal(ManifestFault.OwnerSignature, Manifest.Sign(good, Fixed.Device).Verify());
        Assert.Equal(ManifestFault.Sequence, Signed(good with { Blocks = [b[0], b[2], b[3]] }).Verify());
        Assert.Equal(ManifestFault.Sequence, Signed(good with { Blocks = [b[0], b[2], b[1], b[3]] }).Verify());
        SignedHeader forged = SignedHeader.Sign(b[1].Header with { Count = 51 }, Fixed.Owner);
        Assert.Equal(ManifestFault.DeviceSignature, Signed(good with { Blocks = [b[0], b[1] with { Signed = forged }, b[2], b[3]] }).Verify());
        SignedHeader other = SignedHeader.Sign(b[1].Header with { Count = 51 }, Fixed.Device);
        Assert.Equal(ManifestFault.HashPointer, Signed(good with { Blocks = [b[0], b[1] with { Signed = other }, b[2], b[3]] }).Verify());
        Assert.Equal(ManifestFault.HashPointer, uploads[1].Manifest.Verify(b[3].Header with { Count = 1 }));
        Assert.Equal(ManifestFault.Interval, Signed(good with { KeyCommitments = [Hash256.Zero] }).Verify());
    }

    [Fact]
    public void D7_hostile_manifests_and_key_records_are_refused_without_an_exception()
    {
        byte[] manifest = Fixed.Uploads(Profile, 4)[0].ManifestBytes;
        KeyRecord record = Record(1000);
        byte[] keyRecord = record.Encode();
        Assert.Equal(ManifestFault.None, KeyRecord.TryDecode(keyRecord, 999, out KeyRecord? back));
        Assert.Equal(keyRecord, back!.Encode());
        Assert.Equal(ManifestFault.Expired, KeyRecord.TryDecode(keyRecord, 1000, out _));
        for (int i = 0; i < manifest.Length; i += 7)
        {
            byte[] bad = manifest.ToArray();
            bad[i] ^= 0x81;
            if (Manifest.TryDecode(bad, out Manifest? m) == ManifestFault.None) Assert.NotEqual(ManifestFault.None, m!.Verify());
            Assert.NotEqual(ManifestFault.None, Manifest.TryDecode(manifest.AsSpan(0, i), out _));
        }
        for (int i = 0; i < keyRecord.Length; i++)
        {
            byte[] bad = keyRecord.ToArray();
            bad[i] ^= 0x81;
            Assert.NotEqual(ManifestFault.None, KeyRecord.TryDecode(bad, 0, out _));
        }
        Assert.Equal(ManifestFault.UnknownVersion, Manifest.TryDecode([9, .. manifest[1..]], out _));
    }

    [Fact]
    public void D3_9_the_same_pipeline_without_encryption_shows_the_coded_plaintext()
    {
        byte[] rows = Fixed.Rows(0, 50);
        byte[] coded = BlockCodec.Encode("t,speed,rpm\r\n"u8, rows, new CsvDialect((byte)',', false), out _, 5);
        byte[] open = Fixed.Uploads(Profile, 1, new IdentityCipher())[0].Blocks[0].Sealed.Ciphertext;
        byte[] closed = Fixed.Uploads(Profile, 1)[0].Blocks[0].Sealed.Ciphertext;
        Assert.True(open.AsSpan().IndexOf(coded.AsSpan(0, 16)) >= 0);
        for (int i = 0; i + 16 <= coded.Length; i++) Assert.True(closed.AsSpan().IndexOf(coded.AsSpan(i, 16)) < 0);
    }

    private static long[] Times(CsvTable table, string? column)
    {
        Assert.True(RowTimes.TryCreate(table, column, out RowTimes? times, out CsvFault? fault), fault?.ToString());
        return [.. Enumerable.Range(0, table.RowCount).Select(r => times.NextMs(table.Row(r).Span, table.Dialect))];
    }

    private static KeyRecord Record(long expiryMs)
    {
        using SymmetricKey seed = new(new byte[32]);
        using KeyBundle bundle = KeyBundle.Cut(seed, 1, 2);
        return KeyRecord.Sign(new KeyRecord(Fixed.Stream, 0, Fixed.Wrap(1, 2, bundle), [Hash256.Zero], Hash256.Zero, 1, expiryMs,
            Fixed.Owner.PublicKey, default), Fixed.Owner);
    }

    private sealed class IdentityCipher : IBlockCipher
    {
        public int TagBytes => 0;

        public void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound,
            ReadOnlySpan<byte> chunk, Span<byte> output) =>
            chunk.CopyTo(output);

        public bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound,
            ReadOnlySpan<byte> input, Span<byte> chunk)
        {
            input.CopyTo(chunk);
            return true;
        }
    }
}
