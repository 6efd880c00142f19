using System.Text;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Sdk.Contracts;

/// <summary>A stream of the data registry; the owner is zero while nobody has registered it.</summary>
public sealed record RegisteredStream(Address Owner, ulong NextSeq, uint Records, Hash256 ProfileHash);

/// <summary>One anchored record; <see cref="TotalBytes"/> counts the stream's ciphertext up to and with it.</summary>
public sealed record AnchoredRecord(
    Hash256 ManifestHash, Hash256 StreamId, ulong FirstSeq, uint Count, ulong TotalBytes, ulong BlockNumber, ulong TimeSeconds);

/// <summary>A control-layer record of one data operation (ARC-01).</summary>
public sealed record OperationNote(Hash256 Operation, Hash256 Subject, Hash256 Digest);

/// <summary>The predeployed registry of streams and their anchors (DAT-05, DAT-12, DAT-19).</summary>
public sealed class DataRegistryContract(ChainClient client)
{
    /// <summary>Calls, transactions and events by name.</summary>
    public Contract Contract { get; } = new(client, SystemContracts.DataRegistry.Address, SystemContracts.DataRegistry.Abi);

    /// <summary>The name of a kind of operation as the registry writes it: Keccak-256 of the text.</summary>
    public static Hash256 OperationId(string name) => Keccak256.Hash(Encoding.UTF8.GetBytes(name));

    /// <summary>The stream id that only this owner can want: Keccak-256 of owner and label, each in 32 bytes.</summary>
    public static Hash256 StreamIdOf(Address owner, Hash256 label) =>
        Keccak256.Hash([.. new byte[12], .. owner.ToArray(), .. label.ToArray()]);

    public Task<ReceiptInfo> RegisterAsync(
        AccountSender owner, Hash256 streamId, Hash256 profileHash, CancellationToken cancel = default) =>
        Contract.InvokeAsync(owner, "register", [streamId, profileHash], default, cancel);

    /// <summary>Anchors the next <paramref name="count"/> blocks of a stream; the sender must own it.</summary>
    public Task<ReceiptInfo> AnchorAsync(
        AccountSender owner, Hash256 streamId, ulong firstSeq, uint count, Hash256 manifestHash, ulong cipherBytes,
        CancellationToken cancel = default) =>
        Contract.InvokeAsync(owner, "anchor", [streamId, firstSeq, count, manifestHash, cipherBytes], default, cancel);

    public Task<ReceiptInfo> NoteAsync(AccountSender actor, OperationNote note, CancellationToken cancel = default) =>
        Contract.InvokeAsync(actor, "note", [note.Operation, note.Subject, note.Digest], default, cancel);

    /// <summary>Several notes of one actor in one transaction.</summary>
    public Task<ReceiptInfo> NoteAllAsync(
        AccountSender actor, IReadOnlyList<OperationNote> notes, CancellationToken cancel = default)
    {
        object[] items = [.. notes.Select(n => (object)new object[] { n.Operation, n.Subject, n.Digest })];
        return Contract.InvokeAsync(actor, "noteAll", [items], default, cancel);
    }

    public async Task<RegisteredStream> GetStreamAsync(
        Hash256 streamId, BlockTag block = default, CancellationToken cancel = default)
    {
        Values s = Values.Tuple((await Contract.CallAsync("streamOf", [streamId], block, cancel).ConfigureAwait(false))[0]);
        return new RegisteredStream(s.Address(0), s.Ulong(1), s.Uint(2), s.Hash(3));
    }

    /// <summary>The record of a manifest in a stream, or null when it is not anchored there.</summary>
    public async Task<AnchoredRecord?> GetRecordAsync(
        Hash256 streamId, Hash256 manifestHash, BlockTag block = default, CancellationToken cancel = default)
    {
        object[] output = await Contract.CallAsync("recordOf", [streamId, manifestHash], block, cancel).ConfigureAwait(false);
        return ToRecord(streamId, manifestHash, output[0]);
    }

    /// <summary>The record at an index of a stream, counted from 0, or null.</summary>
    public async Task<AnchoredRecord?> GetRecordAtAsync(
        Hash256 streamId, uint index, BlockTag block = default, CancellationToken cancel = default)
    {
        object[] output = await Contract.CallAsync("recordAt", [streamId, index], block, cancel).ConfigureAwait(false);
        return ToRecord(streamId, Hash256.FromBytes((byte[])output[0]), output[1]);
    }

    /// <summary>The index of the record that covers a block; an <see cref="RpcException"/> when it is not anchored.</summary>
    public async Task<uint> GetIndexOfAsync(
        Hash256 streamId, ulong seq, BlockTag block = default, CancellationToken cancel = default) =>
        new Values(await Contract.CallAsync("indexOf", [streamId, seq], block, cancel).ConfigureAwait(false)).Uint(0);

    private static AnchoredRecord? ToRecord(Hash256 streamId, Hash256 manifestHash, object tuple)
    {
        Values r = Values.Tuple(tuple);
        return r.Uint(1) == 0
            ? null
            : new AnchoredRecord(manifestHash, streamId, r.Ulong(0), r.Uint(1), r.Ulong(2), r.Ulong(3), r.Ulong(4));
    }
}
