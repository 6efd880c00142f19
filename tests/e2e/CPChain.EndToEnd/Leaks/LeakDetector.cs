using System.Runtime.InteropServices;
using System.Text;

namespace CPChain.EndToEnd.Leaks;

/// <summary>One thing that must not be seen, seen.</summary>
internal readonly record struct Leak(string What, string Where);

/// <summary>Finds secrets in bytes in one pass, however many secrets there are.</summary>
internal sealed class LeakDetector
{
    private const int WindowBytes = 16;
    private const int HeadBytes = sizeof(ulong);
    private const int FilterBits = 24;

    // A window of 16 bytes with fewer different ones, such as a run of zeros, tells nothing of anybody.
    private const int DifferentBytesMin = 5;

    private readonly Dictionary<ulong, List<Pattern>> patterns = [];
    private readonly ulong[] filter = new ulong[1 << (FilterBits - 6)];

    public int Count { get; private set; }

    /// <summary>A key or scalar: as bytes in both orders, as hexadecimal and as base64; any 16 bytes in a row of each.</summary>
    public void AddSecret(string what, ReadOnlySpan<byte> secret)
    {
        byte[] reversed = secret.ToArray();
        Array.Reverse(reversed);
        AddWindows(what, secret);
        AddWindows(what, reversed);
        AddWindows(what, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret)));
        AddWindows(what, Encoding.ASCII.GetBytes(Convert.ToHexString(secret)));
        AddWindows(what, Encoding.ASCII.GetBytes(Convert.ToBase64String(secret)));
    }

    /// <summary>Every 16 bytes in a row.</summary>
    public void AddWindows(string what, ReadOnlySpan<byte> bytes)
    {
        byte[] source = bytes.ToArray();
        for (int at = 0; at + WindowBytes <= source.Length; at++)
        {
            if (Differs(source.AsSpan(at, WindowBytes))) Add(new Pattern(what, source, at, WindowBytes));
        }
    }

    /// <summary>A text of 8 bytes or more, as it stands.</summary>
    public void AddText(string what, string text)
    {
        byte[] source = Encoding.UTF8.GetBytes(text);
        Assert.True(source.Length >= HeadBytes, "a shorter text is found by chance");
        Add(new Pattern(what, source, 0, source.Length));
    }

    public void Search(string where, ReadOnlySpan<byte> bytes, ISet<Leak> found)
    {
        for (int at = 0; at + HeadBytes <= bytes.Length; at++)
        {
            ulong head = MemoryMarshal.Read<ulong>(bytes[at..]);
            int bit = BitOf(head);
            if ((filter[bit >> 6] & (1UL << bit)) == 0 || !patterns.TryGetValue(head, out List<Pattern>? candidates)) continue;
            foreach (Pattern pattern in candidates)
            {
                if (bytes[at..].StartsWith(pattern.Bytes)) found.Add(new Leak(pattern.What, where));
            }
        }
    }

    private void Add(Pattern pattern)
    {
        ulong head = MemoryMarshal.Read<ulong>(pattern.Bytes);
        int bit = BitOf(head);
        filter[bit >> 6] |= 1UL << bit;
        if (!patterns.TryGetValue(head, out List<Pattern>? known)) patterns[head] = known = [];
        known.Add(pattern);
        Count++;
    }

    private static bool Differs(ReadOnlySpan<byte> window)
    {
        int different = 0;
        for (int i = 0; i < window.Length; i++)
        {
            if (!window[..i].Contains(window[i])) different++;
        }

        return different >= DifferentBytesMin;
    }

    private static int BitOf(ulong head) => (int)(unchecked(head * 0x9E3779B97F4A7C15UL) >> (64 - FilterBits));

    private readonly record struct Pattern(string What, byte[] Source, int At, int Length)
    {
        public ReadOnlySpan<byte> Bytes => Source.AsSpan(At, Length);
    }
}
