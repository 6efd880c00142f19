using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Chain;

/// <summary>The 2048-bit filter over log addresses and topics (Yellow Paper 4.3.1); compared by content.</summary>
public readonly struct Bloom : IEquatable<Bloom>
{
    /// <summary>Bytes of a filter.</summary>
    public const int Length = 256;

    // Null stands for the empty filter, so that default(Bloom) is valid.
    private readonly byte[]? _bits;

    private Bloom(byte[]? bits) => _bits = bits;

    /// <summary>The filter of no logs.</summary>
    public static Bloom Empty => default;

    /// <summary>The 256 bytes, most significant first.</summary>
    public ReadOnlySpan<byte> Span => _bits ?? Zeros;

    private static ReadOnlySpan<byte> Zeros => ZeroBytes;

    private static readonly byte[] ZeroBytes = new byte[Length];

    /// <summary>Takes exactly 256 bytes; false for any other length.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out Bloom bloom)
    {
        bloom = default;
        if (bytes.Length != Length)
            return false;
        bloom = bytes.IndexOfAnyExcept((byte)0) < 0 ? default : new Bloom(bytes.ToArray());
        return true;
    }

    /// <summary>The filter of these logs.</summary>
    public static Bloom Of(IEnumerable<LogEntry> logs)
    {
        byte[]? bits = null;
        Span<byte> digest = stackalloc byte[Hash256.Length];
        Span<byte> address = stackalloc byte[Address.Length];
        Span<byte> topicBytes = stackalloc byte[Hash256.Length];
        foreach (LogEntry log in logs)
        {
            bits ??= new byte[Length];
            log.Address.CopyTo(address);
            Add(bits, address, digest);
            foreach (Hash256 topic in log.Topics)
            {
                topic.CopyTo(topicBytes);
                Add(bits, topicBytes, digest);
            }
        }
        return new Bloom(bits);
    }

    /// <summary>The union of many filters.</summary>
    public static Bloom Union(IEnumerable<Bloom> blooms)
    {
        byte[]? bits = null;
        foreach (Bloom bloom in blooms)
        {
            if (bloom._bits is null)
                continue;
            bits ??= new byte[Length];
            for (int i = 0; i < Length; i++)
                bits[i] |= bloom._bits[i];
        }
        return new Bloom(bits);
    }

    /// <summary>False means that no log carries this address or topic; true means that one may.</summary>
    public bool MayContain(ReadOnlySpan<byte> item)
    {
        if (_bits is null)
            return false;
        Span<byte> digest = stackalloc byte[Hash256.Length];
        Keccak256.Hash(item, digest);
        for (int i = 0; i < 6; i += 2)
        {
            int bit = ((digest[i] << 8) | digest[i + 1]) & 2047;
            if ((_bits[Length - 1 - (bit >> 3)] & (1 << (bit & 7))) == 0)
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(Bloom other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Bloom other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Same bits.</summary>
    public static bool operator ==(Bloom left, Bloom right) => left.Equals(right);

    /// <summary>Other bits.</summary>
    public static bool operator !=(Bloom left, Bloom right) => !left.Equals(right);

    /// <summary>Lower-case 0x hex of the 256 bytes.</summary>
    public override string ToString() => Hex.Encode(Span);

    private static void Add(byte[] bits, ReadOnlySpan<byte> item, Span<byte> digest)
    {
        Keccak256.Hash(item, digest);
        for (int i = 0; i < 6; i += 2)
        {
            int bit = ((digest[i] << 8) | digest[i + 1]) & 2047;
            bits[Length - 1 - (bit >> 3)] |= (byte)(1 << (bit & 7));
        }
    }
}
