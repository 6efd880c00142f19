using System.Text;
using CPChain.Crypto;
using CPChain.Sdk.Contracts.Generated;
using CPChain.Types;

namespace CPChain.Sdk.Contracts;

/// <summary>A stream of the data registry; the owner is zero while nobody has registered it.</summary>
public sealed record RegisteredStream(Address Owner, ulong NextSeq, uint Records, Hash256 ProfileHash);

/// <summary>One anchored record; <see cref="TotalBytes"/> counts the stream's ciphertext up to and with it.</summary>
public sealed record AnchoredRecord(
    Hash256 ManifestHash, Hash256 StreamId, ulong FirstSeq, uint Count, ulong TotalBytes, ulong BlockNumber, ulong TimeSeconds);

/// <summary>A control-layer record of one data operation (ARC-01).</summary>
public sealed record OperationNote(Hash256 Operation, Hash256 Subject, Hash256 Digest);

/// <summary>The predeployed registry of streams and their anchors (DAT-05, DAT-12, DAT-19). Every method that sends waits for the block.</summary>
public sealed class DataRegistryContract(ChainClient client)
{
    /// <summary>All of the contract, as it is generated.</summary>
    public DataRegistry Typed { get; } = new(client, SystemContracts.DataRegistry.Address);

    /// <summary>Calls, transactions and events by name.</summary>
    public Contract Contract => Typed.Contract;

    /// <summary>The name of a kind of operation as the registry writes it: Keccak-256 of the text.</summary>
    public static Hash256 OperationId(string name) => Keccak256.Hash(Encoding.UTF8.GetBytes(name));

    /// <summary>The stream id that only this owner can want: Keccak-256 of owner and label, each in 32 bytes.</summary>
    public static Hash256 StreamIdOf(Address owner, Hash256 label) =>
        Keccak256.Hash([.. new byte[12], .. owner.ToArray(), .. label.ToArray()]);

    public Task<ReceiptInfo> RegisterAsync(
        AccountSender owner, Hash256 streamId, Hash256 profileHash, CancellationToken cancel = default) =>
        Typed.RegisterAsync(owner, streamId, profileHash, cancel: cancel).AndWaitAsync(cancel);

    /// <summary>Anchors the next <paramref name="count"/> blocks of a stream; the sender must own it.</summary>
    public Task<ReceiptInfo> AnchorAsync(
        AccountSender owner, Hash256 streamId, ulong firstSeq, uint count, Hash256 manifestHash, ulong cipherBytes,
        CancellationToken cancel = default) =>
        Typed.AnchorAsync(owner, streamId, firstSeq, count, manifestHash, cipherBytes, cancel: cancel).AndWaitAsync(cancel);

    public Task<ReceiptInfo> NoteAsync(AccountSender actor, OperationNote note, CancellationToken cancel = default) =>
        Typed.NoteAsync(actor, note.Operation, note.Subject, note.Digest, cancel: cancel).AndWaitAsync(cancel);

    /// <summary>Several notes of one actor in one transaction.</summary>
    public Task<ReceiptInfo> NoteAllAsync(
        AccountSender actor, IReadOnlyList<OperationNote> notes, CancellationToken cancel = default)
    {
        DataRegistry.Note[] items = [.. notes.Select(n => new DataRegistry.Note(n.Operation, n.Subject, n.Digest))];
        return Typed.NoteAllAsync(actor, items, cancel: cancel).AndWaitAsync(cancel);
    }

    public async Task<RegisteredStream> GetStreamAsync(
        Hash256 streamId, BlockTag block = default, CancellationToken cancel = default)
    {
        DataRegistry.Stream s = await Typed.StreamOfAsync(streamId, block, cancel).ConfigureAwait(false);
        return new RegisteredStream(s.Owner, s.NextSeq, s.Records, s.ProfileHash);
    }

    /// <summary>The record of a manifest in a stream, or null when it is not anchored there.</summary>
    public async Task<AnchoredRecord?> GetRecordAsync(
        Hash256 streamId, Hash256 manifestHash, BlockTag block = default, CancellationToken cancel = default) =>
        ToRecord(streamId, manifestHash, await Typed.RecordOfAsync(streamId, manifestHash, block, cancel).ConfigureAwait(false));

    /// <summary>The record at an index of a stream, counted from 0, or null.</summary>
    public async Task<AnchoredRecord?> GetRecordAtAsync(
        Hash256 streamId, uint index, BlockTag block = default, CancellationToken cancel = default)
    {
        (Hash256 manifestHash, DataRegistry.Record record) =
            await Typed.RecordAtAsync(streamId, index, block, cancel).ConfigureAwait(false);
        return ToRecord(streamId, manifestHash, record);
    }

    /// <summary>The index of the record that covers a block.</summary>
    /// <exception cref="ContractRefusalException">It is not anchored.</exception>
    public Task<uint> GetIndexOfAsync(
        Hash256 streamId, ulong seq, BlockTag block = default, CancellationToken cancel = default) =>
        Typed.IndexOfAsync(streamId, seq, block, cancel);

    private static AnchoredRecord? ToRecord(Hash256 streamId, Hash256 manifestHash, DataRegistry.Record r) => r.Count == 0
        ? null
        : new AnchoredRecord(manifestHash, streamId, r.FirstSeq, r.Count, r.TotalBytes, r.BlockNumber, r.Time);
}
