using System.Numerics;
using System.Text;
using CPChain.Types;

namespace CPChain.Sdk.Abi;

/// <summary>
/// Decodes return data and event data into C# values. The bytes come from outside: nothing throws, and the work is
/// bounded by the length of the input, also where offsets point at the same bytes again and again.
/// </summary>
public static class AbiDecoder
{
    private static readonly UTF8Encoding s_strictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Decodes one tuple of values; false when the data is not a valid encoding of the types.</summary>
    public static bool TryDecode(IReadOnlyList<AbiType> types, ReadOnlySpan<byte> data, out object[] values)
    {
        Budget budget = new(1_024 + data.Length);
        return TryTuple(types, data, ref budget, out values);
    }

    private static bool TryTuple(IReadOnlyList<AbiType> types, ReadOnlySpan<byte> data, ref Budget budget, out object[] values)
    {
        values = [];
        if (!budget.Take(1 + types.Count)) return false;
        object[] items = new object[types.Count];
        int head = 0;
        for (int i = 0; i < types.Count; i++)
        {
            AbiType type = types[i];
            if (data.Length - head < type.HeadBytes) return false;
            ReadOnlySpan<byte> part = data.Slice(head, type.HeadBytes);
            if (type.IsDynamic)
            {
                if (!TryLength(part, data.Length, out int offset)) return false;
                part = data[offset..];
            }
            if (!TryValue(type, part, ref budget, out items[i])) return false;
            head += type.HeadBytes;
        }
        values = items;
        return true;
    }

    private static bool TryValue(AbiType type, ReadOnlySpan<byte> data, ref Budget budget, out object value)
    {
        value = "";
        switch (type.Kind)
        {
            case AbiKind.Array:
                return TryArray(type, data, ref budget, out value);
            case AbiKind.Tuple:
                bool read = TryTuple(type.Components.Select(c => c.Type).ToArray(), data, ref budget, out object[] members);
                value = members;
                return read;
            case AbiKind.Bytes or AbiKind.String:
                return TrySized(type, data, ref budget, out value);
            default:
                return data.Length >= 32 && TryWord(type, data[..32], out value);
        }
    }

    private static bool TryArray(AbiType type, ReadOnlySpan<byte> data, ref Budget budget, out object value)
    {
        value = Array.Empty<object>();
        int count = type.Size;
        if (count < 0)
        {
            if (data.Length < 32 || !TryLength(data[..32], data.Length, out count)) return false;
            data = data[32..];
        }
        AbiType element = type.Element!;
        if (!budget.Take(count) || (long)count * element.HeadBytes > data.Length) return false;
        bool read = TryTuple(Enumerable.Repeat(element, count).ToArray(), data, ref budget, out object[] items);
        value = items;
        return read;
    }

    private static bool TrySized(AbiType type, ReadOnlySpan<byte> data, ref Budget budget, out object value)
    {
        value = "";
        if (data.Length < 32 || !TryLength(data[..32], data.Length - 32, out int length)) return false;
        if (!budget.Take(length / 32)) return false;
        ReadOnlySpan<byte> bytes = data.Slice(32, length);
        if (type.Kind == AbiKind.Bytes) value = bytes.ToArray();
        else if (System.Text.Unicode.Utf8.IsValid(bytes)) value = s_strictUtf8.GetString(bytes);
        else return false;
        return true;
    }

    private static bool TryWord(AbiType type, ReadOnlySpan<byte> word, out object value)
    {
        UInt256 number = UInt256.FromBigEndian(word);
        value = number;
        switch (type.Kind)
        {
            case AbiKind.Uint:
                return number.BitLength <= type.Size;
            case AbiKind.Bool:
                value = number == UInt256.One;
                return number <= UInt256.One;
            case AbiKind.Address:
                value = Address.FromBytes(word[12..]);
                return number.BitLength <= 160;
            case AbiKind.Int:
                BigInteger signed = number.BitLength == 256
                    ? number.ToBigInteger() - (BigInteger.One << 256)
                    : number.ToBigInteger();
                BigInteger limit = BigInteger.One << (type.Size - 1);
                value = signed;
                return signed >= -limit && signed < limit;
            default:
                value = word[..type.Size].ToArray();
                return word[type.Size..].IndexOfAnyExcept((byte)0) < 0;
        }
    }

    private static bool TryLength(ReadOnlySpan<byte> word, int most, out int length)
    {
        UInt256 number = UInt256.FromBigEndian(word);
        length = 0;
        if (most < 0 || number > new UInt256((ulong)most)) return false;
        length = (int)(ulong)number;
        return true;
    }

    /// <summary>Values that may still be made: offsets that overlap cannot blow a short input up.</summary>
    private struct Budget(int left)
    {
        private int _left = left;

        public bool Take(int count)
        {
            if (count > _left) return false;
            _left -= count;
            return true;
        }
    }
}
