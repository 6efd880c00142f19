using CPChain.Types;

namespace CPChain.Sdk.Abi;

/// <summary>An event of a contract.</summary>
public sealed record AbiEvent(string Name, IReadOnlyList<AbiParameter> Inputs)
{
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
        if (topics.Count != indexed.Length + 1 || topics[0] != Topic) return false;
        if (!AbiDecoder.TryDecode([.. Inputs.Where(p => !p.Indexed).Select(p => p.Type)], data, out object[] plain)) return false;
        object[] all = new object[Inputs.Count];
        int topic = 1, next = 0;
        for (int i = 0; i < all.Length; i++)
        {
            if (!Inputs[i].Indexed) all[i] = plain[next++];
            else if (!TryDecodeTopic(Inputs[i].Type, topics[topic++], out all[i])) return false;
        }
        values = all;
        return true;
    }

    /// <summary>The topic that an indexed value has in a filter.</summary>
    /// <exception cref="ArgumentException">The type is dynamic or the value does not fit.</exception>
    public Hash256 EncodeTopic(string parameter, object value)
    {
        AbiParameter found = Inputs.FirstOrDefault(p => p.Name == parameter && p.Indexed)
            ?? throw new ArgumentException($"The event {Name} has no indexed parameter {parameter}.");
        if (found.Type.HeadBytes != 32 || found.Type.IsDynamic)
            throw new ArgumentException($"The parameter {parameter} is indexed by its hash.");
        return Hash256.FromBytes(AbiEncoder.Encode([found.Type], [value]));
    }

    private static bool TryDecodeTopic(AbiType type, Hash256 topic, out object value)
    {
        value = topic.ToArray();
        if (type.IsDynamic || type.Kind is AbiKind.Array or AbiKind.Tuple) return true;
        if (!AbiDecoder.TryDecode([type], topic.ToArray(), out object[] values)) return false;
        value = values[0];
        return true;
    }
}
