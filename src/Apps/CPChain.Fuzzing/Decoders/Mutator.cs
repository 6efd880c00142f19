using System.Buffers.Binary;
using CPChain.Simulation;

namespace CPChain.Fuzzing.Decoders;

/// <summary>Changes valid bytes a little: bits, lengths, ends, pieces of others, nesting.</summary>
internal sealed class Mutator(SeededRandom chance)
{
    /// <summary>No input is longer.</summary>
    internal const int BytesMax = 1 << 16;

    private static readonly ulong[] Interesting =
    [
        0, 1, 2, 31, 32, 33, 54, 55, 56, 127, 128, 183, 184, 191, 192, 247, 248, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000,
        0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff,
    ];

    private static readonly byte[] Marks = "{}[]\",:\\\0 -+.eE0x1\r\n\t;"u8.ToArray();

    internal byte[] Mutate(IReadOnlyList<byte[]> seeds, bool isText)
    {
        if (seeds.Count == 0 || chance.Chance(1)) return Noise(chance.Below(200));
        byte[] bytes = [.. chance.Pick(seeds)];
        for (int count = 1 + (chance.Chance(60) ? 0 : chance.Below(5)); count > 0; count--)
            bytes = Once(bytes, seeds, isText);
        return bytes.Length <= BytesMax ? bytes : bytes[..BytesMax];
    }

    private byte[] Once(byte[] bytes, IReadOnlyList<byte[]> seeds, bool isText)
    {
        if (bytes.Length == 0) return Noise(1 + chance.Below(8));
        int at = chance.Below(bytes.Length);
        int length = 1 + chance.Below(Math.Min(bytes.Length - at, chance.Chance(80) ? 8 : 256));
        switch (chance.Below(13))
        {
            case 0:
            case 1:
                bytes[at] ^= (byte)(1 << chance.Below(8));
                return bytes;
            case 2:
                bytes[at] = isText && chance.Chance(70) ? chance.Pick(Marks) : (byte)chance.Below(256);
                return bytes;
            case 3: return Number(bytes, at);
            case 4: return bytes[..at];
            case 5: return [.. bytes, .. isText && chance.Chance(50) ? bytes[at..] : Noise(1 + chance.Below(40))];
            case 6: return [.. bytes[..at], .. bytes[(at + length)..]];
            case 7: return [.. bytes[..at], .. isText ? Text(length) : Noise(length), .. bytes[at..]];
            case 8: return [.. bytes[..(at + length)], .. bytes[at..]];
            case 9:
                // A piece of another one.
                byte[] other = chance.Pick(seeds);
                if (other.Length == 0) return bytes;
                int from = chance.Below(other.Length);
                return [.. bytes[..at], .. other[from..], .. chance.Chance(50) ? [] : bytes[at..]];
            case 10: return Repeat(bytes, at, length);
            case 11: return Nest(bytes, at, isText);
            default:
                // A whole field of zeros or ones.
                bytes.AsSpan(at, length).Fill(chance.Chance(50) ? (byte)0 : (byte)0xff);
                return bytes;
        }
    }

    /// <summary>A number at the edge of something, in either order of bytes.</summary>
    private byte[] Number(byte[] bytes, int at)
    {
        Span<byte> number = stackalloc byte[8];
        ulong value = chance.Pick(Interesting);
        int width = Math.Min(1 << chance.Below(4), bytes.Length - at);
        if (chance.Chance(50))
        {
            BinaryPrimitives.WriteUInt64BigEndian(number, value);
            number = number[^width..];
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(number, value);
            number = number[..width];
        }

        number.CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    private byte[] Repeat(byte[] bytes, int at, int length)
    {
        int times = Math.Min(chance.Chance(90) ? 1 + chance.Below(20) : 2000, (BytesMax - Math.Min(bytes.Length, BytesMax)) / length);
        byte[] repeated = new byte[bytes.Length + (length * times)];
        bytes.AsSpan(0, at).CopyTo(repeated);
        for (int time = 0; time < times; time++) bytes.AsSpan(at, length).CopyTo(repeated.AsSpan(at + (time * length)));
        bytes.AsSpan(at).CopyTo(repeated.AsSpan(at + (times * length)));
        return repeated;
    }

    /// <summary>Opens something many times: lists within lists, brackets within brackets.</summary>
    private byte[] Nest(byte[] bytes, int at, bool isText)
    {
        int depth = chance.Chance(80) ? 1 + chance.Below(64) : 1 + chance.Below(20_000);
        byte[] open = new byte[depth];
        if (isText)
        {
            byte mark = chance.Below(4) switch { 0 => (byte)'{', 1 => (byte)'(', 2 => (byte)'"', _ => (byte)'[' };
            Array.Fill(open, mark);
            return [.. bytes[..at], .. open, .. bytes[at..]];
        }

        // Short RLP lists that hold each other; a wrong length now and then.
        byte[] inner = bytes.Length - at > 40 ? bytes[at..(at + 40)] : bytes[at..];
        List<byte> nested = [.. inner];
        for (int level = 0; level < Math.Min(depth, 2000); level++)
        {
            int length = chance.Chance(98) ? nested.Count : nested.Count + 1;
            if (length <= 55) nested.Insert(0, (byte)(0xc0 + length));
            else if (length <= 255) nested.InsertRange(0, [0xf8, (byte)length]);
            else nested.InsertRange(0, [0xf9, (byte)(length >> 8), (byte)(length & 0xff)]);
        }

        return [.. bytes[..at], .. nested];
    }

    private byte[] Text(int length)
    {
        byte[] text = new byte[length];
        for (int index = 0; index < length; index++) text[index] = chance.Chance(60) ? chance.Pick(Marks) : (byte)(0x20 + chance.Below(0x5f));
        return text;
    }

    private byte[] Noise(int length)
    {
        byte[] noise = new byte[length];
        for (int index = 0; index < length; index++) noise[index] = (byte)chance.Below(256);
        return noise;
    }
}
