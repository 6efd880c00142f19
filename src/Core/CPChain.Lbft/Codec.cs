using System.Buffers;
using System.Buffers.Binary;
using CPChain.Crypto;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft;

/// <summary>Why bytes from outside were refused.</summary>
public enum CodecFault
{
    None,
    Truncated,
    TrailingBytes,
    UnknownVersion,
    UnknownType,
    Malformed,

    /// <summary>A part is longer than its bound.</summary>
    TooLong,

    /// <summary>r or s out of range, high s, or v not 0 or 1.</summary>
    BadSignature,
}

/// <summary>Writes the fixed-width big-endian fields of the LBFT formats.</summary>
internal ref struct ByteWriter(int capacity)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(Math.Max(capacity, 16));

    public readonly void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public readonly void Int(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    public readonly void Ulong(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    public readonly void Hash(in Hash256 value)
    {
        value.CopyTo(_buffer.GetSpan(Hash256.Length)[..Hash256.Length]);
        _buffer.Advance(Hash256.Length);
    }

    public readonly void Signature(in Signature value)
    {
        value.CopyTo(_buffer.GetSpan(Crypto.Signature.Length)[..Crypto.Signature.Length]);
        _buffer.Advance(Crypto.Signature.Length);
    }

    public readonly void Statement(in Statement value)
    {
        Byte((byte)value.Kind);
        Ulong(value.Height.Value);
        Int(value.Round);
        Hash(value.Hash);
        Int(value.ValidRound + 1);
    }

    public readonly void Signed(SignedStatement value)
    {
        Statement(value.Statement);
        Signature(value.Signature);
    }

    public readonly void Bytes(ReadOnlySpan<byte> value)
    {
        Int(value.Length);
        _buffer.Write(value);
    }

    public readonly byte[] ToArray() => _buffer.WrittenSpan.ToArray();
}

/// <summary>Reads what <see cref="ByteWriter"/> writes; the first failure sticks and nothing throws.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public CodecFault Fault { get; private set; }

    public readonly int Remaining => _rest.Length;

    public bool Fail(CodecFault fault)
    {
        if (Fault == CodecFault.None) Fault = fault;
        return false;
    }

    public bool AtEndOrFail() => Fault == CodecFault.None && (_rest.IsEmpty || Fail(CodecFault.TrailingBytes));

    public bool TryVersion(byte expected) =>
        TryByte(out byte version) && (version == expected || Fail(CodecFault.UnknownVersion));

    public bool TryByte(out byte value)
    {
        value = 0;
        if (!TryTake(1, out ReadOnlySpan<byte> part)) return false;
        value = part[0];
        return true;
    }

    public bool TryUlong(out ulong value)
    {
        value = 0;
        if (!TryTake(8, out ReadOnlySpan<byte> part)) return false;
        value = BinaryPrimitives.ReadUInt64BigEndian(part);
        return true;
    }

    public bool TryRound(out int round)
    {
        round = 0;
        if (!TryTake(4, out ReadOnlySpan<byte> part)) return false;
        round = BinaryPrimitives.ReadInt32BigEndian(part);
        return round is >= 0 and <= Votes.Statement.RoundMax || Fail(CodecFault.Malformed);
    }

    public bool TryValidRound(out int validRound)
    {
        validRound = Votes.Statement.NoRound;
        if (!TryRound(out int successor)) return false;
        validRound = successor - 1;
        return true;
    }

    public bool TryHash(out Hash256 hash)
    {
        hash = default;
        if (!TryTake(Hash256.Length, out ReadOnlySpan<byte> part)) return false;
        hash = Hash256.FromBytes(part);
        return true;
    }

    public bool TrySignature(out Signature signature)
    {
        signature = default;
        return TryTake(Crypto.Signature.Length, out ReadOnlySpan<byte> part)
            && (Crypto.Signature.TryFromBytes(part, out signature) || Fail(CodecFault.BadSignature));
    }

    public bool TryStatement(out Statement statement)
    {
        statement = default;
        if (!TryByte(out byte kind)
            || !TryUlong(out ulong height)
            || !TryRound(out int round)
            || !TryHash(out Hash256 hash)
            || !TryValidRound(out int validRound))
            return false;

        statement = new Statement((StatementKind)kind, new BlockNumber(height), round, hash, validRound);
        return statement.IsWellFormed || Fail(CodecFault.Malformed);
    }

    public bool TrySigned(out SignedStatement signed)
    {
        signed = null!;
        if (!TryStatement(out Statement statement) || !TrySignature(out Signature signature)) return false;
        signed = new SignedStatement(statement, signature);
        return true;
    }

    /// <summary>A length-prefixed part; the length is judged before anything is copied.</summary>
    public bool TryBytes(int bytesMax, out ReadOnlySpan<byte> part)
    {
        part = default;
        if (!TryTake(4, out ReadOnlySpan<byte> prefix)) return false;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
        if (length > (uint)bytesMax) return Fail(CodecFault.TooLong);
        return TryTake((int)length, out part);
    }

    private bool TryTake(int length, out ReadOnlySpan<byte> part)
    {
        part = default;
        if (Fault != CodecFault.None) return false;
        if (_rest.Length < length) return Fail(CodecFault.Truncated);
        part = _rest[..length];
        _rest = _rest[length..];
        return true;
    }
}
