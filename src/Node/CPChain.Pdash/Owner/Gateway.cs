using System.IO;
using CPChain.Crypto;
using CPChain.Data.Blocks;
using CPChain.Data.Columns;
using CPChain.Data.Csv;
using CPChain.Data.Keys;
using CPChain.Data.Manifests;
using CPChain.Network;
using CPChain.Pdash.Progress;
using CPChain.Pdash.Storage;
using CPChain.Pdash.Wire;
using CPChain.Types;

namespace CPChain.Pdash.Owner;

/// <summary>What a gateway did with a file or a run of samples.</summary>
/// <param name="Shape">The stream as it was cut.</param>
/// <param name="Rows">Readings.</param>
/// <param name="StoredBytes">Bytes of all shards that storage nodes took.</param>
/// <param name="Tally">What the codec did.</param>
/// <param name="Uploads">The uploads, in order.</param>
/// <param name="Anchors">Where each was anchored.</param>
public sealed record CollectReport(StreamShape Shape, long Rows, long StoredBytes, CodecTally Tally, IReadOnlyList<Upload> Uploads,
    IReadOnlyList<AnchorReply> Anchors);

/// <summary>How a gateway works.</summary>
/// <param name="Owner">The owner's signing service.</param>
/// <param name="Profile">How streams are cut.</param>
/// <param name="Cipher">The cipher; the leak test also runs with one that does nothing.</param>
/// <param name="Quality">Brotli quality, 0 to 11.</param>
public sealed record GatewayOptions(PeerAddress Owner, StreamProfile Profile, IBlockCipher? Cipher = null, int Quality = 9);

/// <summary>
/// Takes readings in, seals and signs them as blocks, stores the shards, and has the owner sign and anchor each upload. Its own
/// secrets are its identity and the master of the seeds, which it hands to the owner wrapped (D13 of the papers).
/// </summary>
public sealed class Gateway : IAsyncDisposable
{
    private static readonly TimeSpan SignPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AnchorPatience = TimeSpan.FromSeconds(90);
    private readonly Participant _self;
    private readonly GatewayOptions _work;
    private readonly SymmetricKey _master;

    /// <summary>Opens the gateway's directory.</summary>
    public Gateway(ParticipantOptions options, GatewayOptions work)
    {
        _self = new Participant(options, PeerRole.Client);
        _work = work;
        _master = OpenMaster(options);
    }

    /// <summary>The gateway's identity, which signs block headers.</summary>
    public Address Address => _self.Address;

    /// <summary>The storage network as the gateway sees it.</summary>
    public StorageClient Storage => _self.Storage;

    /// <summary>Begins to connect.</summary>
    public void Start() => _self.Network.Start();

    /// <summary>Closes connections and wipes secrets.</summary>
    public async ValueTask DisposeAsync()
    {
        await _self.DisposeAsync().ConfigureAwait(false);
        _master.Dispose();
    }

    /// <summary>Reads a CSV file of time series; a file that is none is refused with the reason and the fix.</summary>
    /// <exception cref="PdashException">The file cannot be read or is no CSV of time series.</exception>
    public static CsvTable ReadFile(string path)
    {
        byte[] bytes;
        try
        {
            long length = new FileInfo(path).Length;
            if (length > CsvTable.BytesMax)
                throw new PdashException(PdashFault.Input,
                    $"{path} has {length} bytes; at most {CsvTable.BytesMax} are read at once. Split it.");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PdashException(PdashFault.Input, $"{path} cannot be read: {e.Message} Name a readable file.", e);
        }
        return CsvTable.TryRead(bytes, out CsvTable? table, out CsvFault? fault) ? table
            : throw new PdashException(PdashFault.Input, $"{path}: {fault}");
    }

    /// <summary>Runs a whole table through the pipeline, behind what the stream holds already; the stream must be
    /// registered.</summary>
    public async Task<CollectReport> CollectAsync(Hash256 streamId, CsvTable table, string? timeColumn = null,
        CancellationToken cancel = default)
    {
        if (!RowTimes.TryCreate(table, timeColumn, out RowTimes? times, out CsvFault? fault))
            throw new PdashException(PdashFault.Input, fault.ToString());
        StepClock steps = _self.Steps();
        List<BlockRows> blocks = [.. StreamBlocks.Cut(table, times, _work.Profile.PeriodMs)];
        steps.End(PlatformLayer.Physical, "collect readings",
            $"{table.RowCount} rows in {blocks.Count} blocks of {_work.Profile.PeriodMs} ms or 1 MiB");
        StreamShape shape = new(streamId, _work.Profile, table.Header.ToArray(), table.Dialect);
        OwnerKeysReply owner = await AskOwnerKeysAsync(streamId, cancel).ConfigureAwait(false);
        UploadBuilder builder = new(shape, _master, owner.Owner, _self.Options.Key, _work.Cipher ?? AesGcmBlockCipher.Instance, _work.Quality);
        if (LastManifest(streamId) is { } last) builder.ResumeAfter(last);
        KeyEnvelope envelope = WrapEpoch(builder, streamId, owner);
        List<Upload> uploads = [];
        List<AnchorReply> anchors = [];
        for (int i = 0; i < blocks.Count; i++)
        {
            builder.Add(blocks[i]);
            if (!builder.IsFull && i + 1 < blocks.Count) continue;
            UnsignedUpload unsigned = builder.Close(envelope);
            steps.End(PlatformLayer.Data, "compress, encrypt, sign",
                $"blocks {unsigned.Manifest.FirstSeq} to {unsigned.Manifest.LastSeq}: one key for every {_work.Profile.BlocksPerKey}, headers signed by {Address}");
            (Upload upload, AnchorReply anchor) = await UploadAsync(builder, unsigned, steps, cancel).ConfigureAwait(false);
            uploads.Add(upload);
            anchors.Add(anchor);
        }
        CodecTally tally = uploads.Aggregate(default(CodecTally), (sum, u) => sum + u.Tally);
        long stored = uploads.Sum(u => u.Blocks.Sum(b => b.Shards.Sum(s => (long)s.Bytes.Length)));
        return new CollectReport(shape, table.RowCount, stored, tally, uploads, anchors);
    }

    private async Task<(Upload Upload, AnchorReply Anchor)> UploadAsync(UploadBuilder builder,
        UnsignedUpload unsigned, StepClock steps, CancellationToken cancel)
    {
        Reply signed = await _self.Links.AskAsync(_work.Owner, PdashMessages.SignManifest, unsigned.Manifest.Encode(), SignPatience, cancel)
            .ConfigureAwait(false);
        if (!signed.IsOk || !Signature.TryFromBytes(signed.Payload.Span, out Signature signature)
            || builder.Complete(unsigned, signature) is not { } upload)
            throw new PdashException(PdashFault.Peer,
                $"The owner did not sign the manifest ({signed.Status}). Check that the seller runs and owns the stream.");
        steps.End(PlatformLayer.Data, "owner signs",
            $"manifest {upload.ManifestHash} carries the owner's signature over the ciphertext roots");
        foreach (UploadBlock block in upload.Blocks) await _self.Storage.PutShardsAsync(block, cancel).ConfigureAwait(false);
        await _self.Storage.PutAsync(upload.ManifestBytes, cancel).ConfigureAwait(false);
        steps.End(PlatformLayer.Data, "store shards",
            $"{upload.Blocks.Count * _work.Profile.TotalShards} shards on {_self.Storage.Nodes.Count} nodes, any {_work.Profile.DataShards} of {_work.Profile.TotalShards} join a block");
        Reply reply = await _self.Links.AskAsync(_work.Owner, PdashMessages.AnchorManifest, upload.ManifestHash.ToArray(), AnchorPatience, cancel)
            .ConfigureAwait(false);
        if (!reply.IsOk || AnchorReply.Decode(reply.Payload.Span) is not { } anchor)
            throw new PdashException(PdashFault.Peer,
                $"The owner did not anchor the manifest ({reply.Status}). Check that the chain makes blocks.");
        PrivateFiles.Write(LastManifestPath(upload.Manifest.StreamId), upload.ManifestBytes);
        steps.End(PlatformLayer.Contract, "anchor",
            $"blocks {upload.Manifest.FirstSeq} to {upload.Manifest.LastSeq} in block {anchor.BlockNumber}, transaction {anchor.TransactionHash}");
        return (upload, anchor);
    }

    private string LastManifestPath(in Hash256 streamId) => _self.PathOf($"stream-{streamId.ToString()[2..]}.manifest");

    private Manifest? LastManifest(in Hash256 streamId)
    {
        string path = LastManifestPath(streamId);
        if (!File.Exists(path)) return null;
        ManifestFault fault = Manifest.TryDecode(File.ReadAllBytes(path), out Manifest? last);
        return fault == ManifestFault.None ? last
            : throw new InvalidDataException($"{path} is refused: {fault}. Use the program that wrote it, or restore it from a copy.");
    }

    private async Task<OwnerKeysReply> AskOwnerKeysAsync(Hash256 streamId, CancellationToken cancel)
    {
        Reply reply = await _self.Links.AskAsync(_work.Owner, PdashMessages.OwnerKeys, OwnerKeysReply.Ask(streamId, 0), SignPatience, cancel)
            .ConfigureAwait(false);
        return reply.IsOk && OwnerKeysReply.Decode(reply.Payload.Span) is { } keys && keys.Owner.Address == _work.Owner.Identity ? keys
            : throw new PdashException(PdashFault.Peer,
                $"The owner {_work.Owner.Identity} does not answer ({reply.Status}). Start the seller first and register the stream.");
    }

    private KeyEnvelope WrapEpoch(UploadBuilder builder, Hash256 streamId, OwnerKeysReply owner)
    {
        using KeyBundle seed = builder.EpochKeys(0);
        return KeyLabel.Wrap(streamId, 0, KeyTree.Intervals - 1, seed, owner.EpochKey, _self.Options.Entropy);
    }

    private static SymmetricKey OpenMaster(ParticipantOptions options)
    {
        const string purpose = "gateway master";
        string path = Path.Combine(options.Directory, "master.sealed");
        using SealedFile file = new(options.Key);
        byte[]? secret = file.Read(path, purpose);
        if (secret is null)
        {
            secret = new byte[SymmetricKey.Length];
            options.Entropy(secret);
            file.Write(path, purpose, secret);
        }
        SymmetricKey master = new(secret);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(secret);
        return master;
    }
}
