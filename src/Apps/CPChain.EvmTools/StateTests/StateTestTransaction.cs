using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.EvmTools.StateTests;

/// <summary>The transaction of a state test: lists of data, gas and value, of which each case names one.</summary>
internal static class StateTestTransaction
{
    /// <summary>Null where a field exceeds what any transaction can carry.</summary>
    internal static UnsignedTransaction? Read(JsonElement json, JsonElement indexes, ulong chainId)
    {
        int data = indexes.GetProperty("data").GetInt32();
        JsonElement list = default;
        bool hasList = json.TryGetSet("accessLists", out JsonElement lists) && data < lists.GetArrayLength()
            && (list = lists[data]).ValueKind == JsonValueKind.Array;
        bool hasFees = json.TryGetSet("maxFeePerGas", out JsonElement maxFee);
        bool hasBlobs = json.TryGetSet("blobVersionedHashes", out JsonElement blobs);
        bool hasAuthorizations = json.TryGetSet("authorizationList", out JsonElement authorizations);
        UInt256 feeCap = hasFees ? StateTestJson.Word(maxFee) : json.Word("gasPrice");
        string to = json.TryGetSet("to", out JsonElement recipient) ? recipient.GetString()! : "";
        UInt256 gasLimit = StateTestJson.Word(json.GetProperty("gasLimit")[indexes.GetProperty("gas").GetInt32()]);
        string value = json.GetProperty("value")[indexes.GetProperty("value").GetInt32()].GetString()!;
        UInt256 nonce = json.Word("nonce");
        if (!gasLimit.FitsUlong || !nonce.FitsUlong || !StateTestJson.TryWord(value, out UInt256 amount)) return null;
        return new UnsignedTransaction
        {
            Type = hasAuthorizations ? TxType.SetCode : hasBlobs ? TxType.Blob : hasFees ? TxType.FeeMarket
                : hasList ? TxType.AccessList : TxType.Legacy,
            ChainId = chainId,
            Nonce = (ulong)nonce,
            MaxFeePerGas = feeCap,
            MaxPriorityFeePerGas = hasFees ? json.Word("maxPriorityFeePerGas") : feeCap,
            GasLimit = (ulong)gasLimit,
            To = to is "" or "0x" ? null : Address.Parse(to),
            Value = amount,
            Data = Hex.Decode(json.GetProperty("data")[data].GetString()),
            AccessList = hasList ? ReadAccessList(list) : [],
            MaxFeePerBlobGas = hasBlobs ? json.Word("maxFeePerBlobGas") : UInt256.Zero,
            BlobHashes = hasBlobs ? [.. blobs.EnumerateArray().Select(static hash => Hash256.Parse(hash.GetString()))] : [],
            Authorizations = hasAuthorizations ? [.. authorizations.EnumerateArray().Select(ReadAuthorization)] : [],
        };
    }

    /// <summary>Who signed: named, or the owner of the key that the file gives away.</summary>
    internal static Address Sender(JsonElement json)
    {
        if (json.TryGetSet("sender", out JsonElement sender)) return Address.Parse(sender.GetString());
        if (!PrivateKey.TryFromBytes(json.Word("secretKey").ToBigEndian(), out PrivateKey? key))
        {
            throw new FormatException("the transaction names neither its sender nor a key");
        }

        using (key) return key.Address;
    }

    private static ImmutableArray<AccessListEntry> ReadAccessList(JsonElement list) =>
    [
        .. list.EnumerateArray().Select(static entry => new AccessListEntry(
            Address.Parse(entry.GetProperty("address").GetString()),
            [.. entry.GetProperty("storageKeys").EnumerateArray().Select(StateTestJson.Word)])),
    ];

    private static Authorization ReadAuthorization(JsonElement entry) => new(
        entry.Word("chainId"),
        Address.Parse(entry.GetProperty("address").GetString()),
        entry.Small("nonce"),
        (byte)(entry.WordOrNull("yParity") ?? entry.Word("v")).U0,
        entry.Word("r"),
        entry.Word("s"));
}
