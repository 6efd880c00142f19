using System.Text.Json;
using CPChain.Types;

namespace CPChain.Rpc.Protocol;

/// <summary>Which block a request means: a number, a hash, or the newest. Every block is final, so safe and finalized are
/// the newest too; pending is the newest with the pool where that makes a difference.</summary>
internal readonly record struct BlockSelector(ulong? Number, Hash256? Hash, bool IsPending)
{
    public static BlockSelector Latest => default;

    public bool IsLatest => Number is null && Hash is null;

    /// <summary>Reads a tag, a quantity, or the object of EIP-1898.</summary>
    public static bool TryRead(JsonElement value, out BlockSelector selector)
    {
        selector = default;
        if (value.ValueKind == JsonValueKind.Object)
        {
            if (value.TryGetProperty("blockHash", out JsonElement hashValue))
            {
                if (value.TryGetProperty("blockNumber", out _) || !JsonFields.TryHash(hashValue, out Hash256 hash)) return false;
                selector = new BlockSelector(null, hash, false);
                return true;
            }
            return value.TryGetProperty("blockNumber", out JsonElement inner) && inner.ValueKind == JsonValueKind.String
                && TryRead(inner, out selector);
        }
        if (!JsonFields.TryText(value, 66, out string text)) return false;
        switch (text)
        {
            case "latest" or "safe" or "finalized":
                return true;
            case "pending":
                selector = new BlockSelector(null, null, true);
                return true;
            case "earliest":
                selector = new BlockSelector(0, null, false);
                return true;
            default:
                if (JsonFields.TryHash(value, out Hash256 direct)) selector = new BlockSelector(null, direct, false);
                else if (JsonFields.TryUlong(value, out ulong number)) selector = new BlockSelector(number, null, false);
                else return false;
                return true;
        }
    }
}
