using System.Collections;
using System.Numerics;
using System.Text;
using CPChain.Types;

namespace CPChain.Sdk.Abi;

/// <summary>Encodes C# values as call data (Solidity ABI specification, "Formal Specification of the Encoding").</summary>
public static class AbiEncoder
{
    /// <summary>The encoding of the values as one tuple, without a selector.</summary>
    /// <exception cref="ArgumentException">The values do not fit the types: the caller's mistake.</exception>
    public static byte[] Encode(IReadOnlyList<AbiType> types, IReadOnlyList<object> values)
    {
        if (types.Count != values.Count)
            throw new ArgumentException($"{types.Count} values are expected, {values.Count} are given.");
        using MemoryStream head = new(), tail = new();
        int headBytes = types.Sum(t => t.HeadBytes);
        for (int i = 0; i < types.Count; i++)
        {
            if (types[i].IsDynamic)
            {
                head.Write(Word(new UInt256((ulong)(headBytes + tail.Length))));
                tail.Write(Encode(types[i], values[i]));
            }
            else head.Write(Encode(types[i], values[i]));
        }
        tail.WriteTo(head);
        return head.ToArray();
    }

    private static byte[] Encode(AbiType type, object value) => type.Kind switch
    {
        AbiKind.Uint => Word(ToUnsigned(type, value)),
        AbiKind.Int => Word(ToSigned(type, value)),
        AbiKind.Address => value is Address address ? [.. new byte[12], .. address.ToArray()] : throw Wrong(type, value),
        AbiKind.Bool => value is bool flag ? Word(flag ? UInt256.One : UInt256.Zero) : throw Wrong(type, value),
        AbiKind.FixedBytes => FixedBytes(type, value),
        AbiKind.Bytes => Sized(ToBytes(type, value)),
        AbiKind.String => value is string text ? Sized(Encoding.UTF8.GetBytes(text)) : throw Wrong(type, value),
        AbiKind.Array => EncodeArray(type, Items(type, value)),
        _ => EncodeTuple(type, Items(type, value)),
    };

    private static byte[] EncodeArray(AbiType type, object[] items)
    {
        if (type.Size >= 0 && items.Length != type.Size) throw Wrong(type, items);
        byte[] body = Encode(Enumerable.Repeat(type.Element!, items.Length).ToArray(), items);
        return type.Size >= 0 ? body : [.. Word(new UInt256((ulong)items.Length)), .. body];
    }

    private static byte[] EncodeTuple(AbiType type, object[] items) =>
        Encode(type.Components.Select(c => c.Type).ToArray(), items);

    private static byte[] FixedBytes(AbiType type, object value)
    {
        byte[] bytes = ToBytes(type, value);
        if (bytes.Length != type.Size) throw Wrong(type, value);
        return [.. bytes, .. new byte[32 - bytes.Length]];
    }

    private static byte[] Sized(byte[] bytes) =>
        [.. Word(new UInt256((ulong)bytes.Length)), .. bytes, .. new byte[(32 - bytes.Length % 32) % 32]];

    private static byte[] ToBytes(AbiType type, object value) => value switch
    {
        byte[] bytes => bytes,
        Hash256 hash => hash.ToArray(),
        ReadOnlyMemory<byte> memory => memory.ToArray(),
        _ => throw Wrong(type, value),
    };

    private static UInt256 ToUnsigned(AbiType type, object value)
    {
        UInt256 number = value switch
        {
            UInt256 n => n,
            ulong n => n,
            uint n => n,
            ushort n => new UInt256(n),
            byte n => new UInt256(n),
            int n when n >= 0 => new UInt256((ulong)n),
            long n when n >= 0 => new UInt256((ulong)n),
            BigInteger n when n.Sign >= 0 && n.GetBitLength() <= 256 => UInt256.FromBigInteger(n),
            _ => throw Wrong(type, value),
        };
        return number.BitLength <= type.Size ? number : throw Wrong(type, value);
    }

    private static UInt256 ToSigned(AbiType type, object value)
    {
        BigInteger number = value switch
        {
            BigInteger n => n,
            sbyte n => n,
            short n => n,
            int n => n,
            long n => n,
            UInt256 n => n.ToBigInteger(),
            _ => throw Wrong(type, value),
        };
        BigInteger limit = BigInteger.One << (type.Size - 1);
        if (number < -limit || number >= limit) throw Wrong(type, value);
        return UInt256.FromBigInteger(number.Sign < 0 ? number + (BigInteger.One << 256) : number);
    }

    private static object[] Items(AbiType type, object value) => value switch
    {
        IAbiTuple tuple when type.Kind == AbiKind.Tuple => tuple.ToAbi(),
        object[] items => items,
        string => throw Wrong(type, value),
        byte[] when type.Element is not { Kind: AbiKind.Uint } => throw Wrong(type, value),
        IEnumerable items => items.Cast<object>().ToArray(),
        _ => throw Wrong(type, value),
    };

    private static byte[] Word(UInt256 number) => number.ToBigEndian();

    private static ArgumentException Wrong(AbiType type, object? value) =>
        new($"A value of type {value?.GetType().Name ?? "null"} does not fit the ABI type {type.Name}.");
}
