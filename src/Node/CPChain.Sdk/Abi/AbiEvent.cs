using System.Text;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Sdk.Abi;

/// <summary>An event of a contract.</summary>
public sealed record AbiEvent(string Name, IReadOnlyList<AbiParameter> Inputs)
{
    /// <summary>Name and canonical types, such as <c>Transfer(address,address,uint256)</c>.</summary>
    public string Signature { get; } = ContractAbi.SignatureOf(Name, Inputs);

    /// <summary>Whether its logs do not begin with <see cref="Topic"/>; such logs are told by their shape alone.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>The first topic of its logs.</summary>
    public Hash256 Topic { get; } = ContractAbi.HashOfSignature(Name, Inputs);

    /// <summary>
    /// The values of a log in the order of the parameters; an indexed parameter of a dynamic type is its 32-byte hash.
    /// False when the log is not this event.
    /// </summary>
    public bool TryDecode(IReadOnlyList<Hash256> topics, ReadOnlySpan<byte> data, out object[] values)
    {
        values = [];
        AbiParameter[] indexed = [.. Inputs.Where(p => p.Indexed)];
        int topic = IsAnonymous ? 0 : 1, next = 0;
        if (topics.Count != indexed.Length + topic || (!IsAnonymous && topics[0] != Topic)) return false;
        if (!AbiDecoder.TryDecode([.. Inputs.Where(p => !p.Indexed).Select(p => p.Type)], data, out object[] plain)) return false;
        object[] all = new object[Inputs.Count];
        for (int i = 0; i < all.Length; i++)
        {
            if (!Inputs[i].Indexed) all[i] = plain[next++];
            else if (!TryDecodeTopic(Inputs[i].Type, topics[topic++], out all[i])) return false;
        }
        values = all;
        return true;
    }

    /// <summary>The topic that an indexed value has in a filter.</summary>
    /// <remarks>Text and bytes are indexed by their hash; an array or struct is looked for by the hash that the topic is.</remarks>
    /// <exception cref="ArgumentException">There is no such parameter or the value does not fit.</exception>
    public Hash256 EncodeTopic(string parameter, object value)
    {
        AbiParameter found = Inputs.FirstOrDefault(p => p.Name == parameter && p.Indexed)
            ?? throw new ArgumentException($"The event {Name} has no indexed parameter {parameter}.");
        if (found.Type.Kind == AbiKind.String && value is string text) return Keccak256.Hash(Encoding.UTF8.GetBytes(text));
        if (found.Type.Kind == AbiKind.Bytes && value is byte[] bytes) return Keccak256.Hash(bytes);
        if (IsByHash(found.Type))
            return value is Hash256 hash ? hash : throw new ArgumentException($"The parameter {parameter} is indexed by its hash.");
        return Hash256.FromBytes(AbiEncoder.Encode([found.Type], [value]));
    }

    private static bool TryDecodeTopic(AbiType type, Hash256 topic, out object value)
    {
        value = topic.ToArray();
        if (IsByHash(type)) return true;
        if (!AbiDecoder.TryDecode([type], topic.ToArray(), out object[] values)) return false;
        value = values[0];
        return true;
    }

    /// <summary>Whether an indexed parameter of the type is only a hash of its value.</summary>
    internal static bool IsByHash(AbiType type) => type.IsDynamic || type.Kind is AbiKind.Array or AbiKind.Tuple;
}
