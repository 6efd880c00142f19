using System.Buffers.Binary;

namespace CPChain.Types.Rlp;

/// <summary>
/// Reads RLP items in order (Yellow Paper, appendix B). Only the canonical form is accepted; a failure is a false
/// result and stays in <see cref="Error"/>: every later read fails too.
/// </summary>
public ref struct RlpReader(ReadOnlySpan<byte> input)
{
    private readonly ReadOnlySpan<byte> _input = input;
    private int _at;

    /// <summary>The first failure, or None.</summary>
    public RlpError Error { get; private set; }

    /// <summary>Whether everything was read without a failure.</summary>
    public readonly bool AtEnd => Error == RlpError.None && _at == _input.Length;

    /// <summary>The bytes not read yet.</summary>
    public readonly int Remaining => _input.Length - _at;

    public bool TryReadList(out RlpReader inner)
    {
        inner = default;
        if (!TryHeader(out bool isList, out int start, out int length)) return false;
        if (!isList) return Fail(RlpError.UnexpectedBytes);
        inner = new RlpReader(_input.Slice(start, length));
        _at = start + length;
        return true;
    }

    public bool TryReadBytes(out ReadOnlySpan<byte> bytes, int maxLength = int.MaxValue)
    {
        bytes = default;
        if (!TryHeader(out bool isList, out int start, out int length)) return false;
        if (isList) return Fail(RlpError.UnexpectedList);
        if (length > maxLength) return Fail(RlpError.TooLong);
        bytes = _input.Slice(start, length);
        _at = start + length;
        return true;
    }

    /// <summary>Reads a number without leading zero bytes.</summary>
    public bool TryReadUlong(out ulong value)
    {
        value = 0;
        if (!TryReadNumber(out ReadOnlySpan<byte> digits, sizeof(ulong))) return false;
        foreach (byte digit in digits) value = (value << 8) | digit;
        return true;
    }

    /// <summary>Reads a number without leading zero bytes.</summary>
    public bool TryReadUInt256(out UInt256 value)
    {
        value = default;
        if (!TryReadNumber(out ReadOnlySpan<byte> digits, UInt256.Length)) return false;
        value = UInt256.FromBigEndian(digits);
        return true;
    }

    /// <summary>Reads the number 0 (false) or 1 (true).</summary>
    public bool TryReadBool(out bool value)
    {
        value = false;
        if (!TryReadUlong(out ulong number)) return false;
        value = number == 1;
        return number <= 1 || Fail(RlpError.TooLong);
    }

    public bool TryReadAddress(out Address address)
    {
        address = default;
        if (!TryReadExactly(Address.Length, out ReadOnlySpan<byte> bytes)) return false;
        address = Address.FromBytes(bytes);
        return true;
    }

    /// <summary>Reads an address, or null for an empty byte string.</summary>
    public bool TryReadOptionalAddress(out Address? address)
    {
        address = null;
        if (!TryReadBytes(out ReadOnlySpan<byte> bytes)) return false;
        if (bytes.IsEmpty) return true;
        if (bytes.Length != Address.Length) return Fail(RlpError.WrongLength);
        address = Address.FromBytes(bytes);
        return true;
    }

    public bool TryReadHash(out Hash256 hash)
    {
        hash = default;
        if (!TryReadExactly(Hash256.Length, out ReadOnlySpan<byte> bytes)) return false;
        hash = Hash256.FromBytes(bytes);
        return true;
    }

    /// <summary>Reads a byte string of exactly this length.</summary>
    public bool TryReadExactly(int length, out ReadOnlySpan<byte> bytes)
    {
        if (!TryReadBytes(out bytes)) return false;
        return bytes.Length == length || Fail(RlpError.WrongLength);
    }

    /// <summary>Steps over one item of either kind and returns it with its header; its inside is not looked at.</summary>
    public bool TryReadRaw(out ReadOnlySpan<byte> wholeItem)
    {
        wholeItem = default;
        int from = _at;
        if (!TryHeader(out _, out int start, out int length)) return false;
        _at = start + length;
        wholeItem = _input[from.._at];
        return true;
    }

    /// <summary>Whether the next item is a list; does not move.</summary>
    public bool TryPeekIsList(out bool isList)
    {
        isList = false;
        if (Error != RlpError.None) return false;
        if (_at >= _input.Length) return Fail(RlpError.EndOfInput);
        isList = _input[_at] >= 0xc0;
        return true;
    }

    private bool TryReadNumber(out ReadOnlySpan<byte> digits, int maxLength)
    {
        if (!TryReadBytes(out digits, maxLength)) return false;
        return digits.IsEmpty || digits[0] != 0 || Fail(RlpError.NotCanonical);
    }

    private bool TryHeader(out bool isList, out int start, out int length)
    {
        isList = false;
        start = 0;
        length = 0;
        if (Error != RlpError.None) return false;
        if (_at >= _input.Length) return Fail(RlpError.EndOfInput);

        byte first = _input[_at];
        isList = first >= 0xc0;
        if (first < 0x80)
        {
            start = _at;
            length = 1;
            return true;
        }

        int small = first - (isList ? 0xc0 : 0x80);
        if (small > 55) return TryLongHeader(small - 55, out start, out length);

        start = _at + 1;
        length = small;
        if (length > _input.Length - start) return Fail(RlpError.EndOfInput);
        if (!isList && length == 1 && _input[start] < 0x80) return Fail(RlpError.NotCanonical);
        return true;
    }

    private bool TryLongHeader(int lengthBytes, out int start, out int length)
    {
        length = 0;
        start = _at + 1 + lengthBytes;
        if (start > _input.Length) return Fail(RlpError.EndOfInput);
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        _input.Slice(_at + 1, lengthBytes).CopyTo(wide[(8 - lengthBytes)..]);
        ulong value = BinaryPrimitives.ReadUInt64BigEndian(wide);
        if (_input[_at + 1] == 0 || value <= 55) return Fail(RlpError.NotCanonical);
        if (value > (ulong)(_input.Length - start)) return Fail(RlpError.EndOfInput);
        length = (int)value;
        return true;
    }

    private bool Fail(RlpError error)
    {
        Error = error;
        return false;
    }
}
