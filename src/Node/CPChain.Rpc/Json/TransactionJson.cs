using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Types;

namespace CPChain.Rpc.Json;

/// <summary>A transaction as Ethereum tools read it; without a place while it waits in the pool.</summary>
internal static class TransactionJson
{
    public static void Write(Utf8JsonWriter json, Transaction transaction, Place? place)
    {
        json.WriteStartObject();
        if (place is { } known)
        {
            json.Hash("blockHash", known.Header.Hash);
            json.Quantity("blockNumber", known.Header.Number);
            json.Quantity("blockTimestamp", known.Header.TimestampMs / 1000);
            json.Quantity("transactionIndex", (ulong)known.Index);
        }
        else
        {
            json.WriteNull("blockHash");
            json.WriteNull("blockNumber");
            json.WriteNull("blockTimestamp");
            json.WriteNull("transactionIndex");
        }
        json.Hash("hash", transaction.Hash);
        json.Quantity("type", (ulong)transaction.Type);
        // An old signature that names no chain has no chain id, which other chains carry.
        if (transaction.ChainId != 0) json.Quantity("chainId", transaction.ChainId);
        json.Address("from", transaction.TryRecoverSender(out Address sender) ? sender : null);
        json.Address("to", transaction.To);
        json.Quantity("nonce", transaction.Nonce);
        json.Quantity("value", transaction.Value);
        json.Quantity("gas", transaction.GasLimit);
        json.Bytes("input", transaction.Data.Span);
        WriteFees(json, transaction, place);
        if (transaction.Type != TxType.Legacy) WriteAccessList(json, transaction.AccessList);
        if (transaction.Type == TxType.SetCode) WriteAuthorizations(json, transaction);
        if (transaction.Type == TxType.Blob) WriteBlobs(json, transaction.Content);
        WriteSignature(json, transaction);
        json.WriteEndObject();
    }

    private static void WriteFees(Utf8JsonWriter json, Transaction transaction, Place? place)
    {
        if (transaction.Type is TxType.Legacy or TxType.AccessList)
        {
            json.Quantity("gasPrice", transaction.GasPrice);
            return;
        }
        json.Quantity("gasPrice", place is { } known
            ? BaseFee.EffectivePrice(transaction.Content, known.Header.BaseFeePerGas)
            : transaction.MaxFeePerGas);
        json.Quantity("maxFeePerGas", transaction.MaxFeePerGas);
        json.Quantity("maxPriorityFeePerGas", transaction.MaxPriorityFeePerGas);
    }

    public static void WriteAccessList(Utf8JsonWriter json, ImmutableArray<AccessListEntry> accessList)
    {
        json.WriteStartArray("accessList");
        foreach (AccessListEntry entry in accessList)
        {
            json.WriteStartObject();
            json.Address("address", entry.Address);
            json.WriteStartArray("storageKeys");
            foreach (UInt256 key in entry.Slots) json.WriteStringValue(Hex.Encode(key.ToBigEndian()));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteAuthorizations(Utf8JsonWriter json, Transaction transaction)
    {
        json.WriteStartArray("authorizationList");
        foreach (Authorization authorization in transaction.Authorizations)
        {
            json.WriteStartObject();
            json.Quantity("chainId", authorization.ChainId);
            json.Address("address", authorization.Target);
            json.Quantity("nonce", authorization.Nonce);
            json.Quantity("yParity", authorization.YParity);
            json.Quantity("r", authorization.R);
            json.Quantity("s", authorization.S);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteBlobs(Utf8JsonWriter json, UnsignedTransaction content)
    {
        json.Quantity("maxFeePerBlobGas", content.MaxFeePerBlobGas);
        json.WriteStartArray("blobVersionedHashes");
        foreach (Hash256 hash in content.BlobHashes) json.WriteStringValue(hash.ToString());
        json.WriteEndArray();
    }

    private static void WriteSignature(Utf8JsonWriter json, Transaction transaction)
    {
        ulong parity = transaction.Signature.V;
        bool legacy = transaction.Type == TxType.Legacy;
        json.Quantity("v", transaction.Content.SignatureMark(transaction.Signature));
        json.Quantity("r", transaction.Signature.R);
        json.Quantity("s", transaction.Signature.S);
        if (!legacy) json.Quantity("yParity", parity);
    }
}
