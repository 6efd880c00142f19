using System.Security.Cryptography;
using CPChain.Data.Keys;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Data.Tests;

public sealed class KeyTreeTests
{
    [Fact]
    public void D3_2_a_leaf_is_the_chain_of_hmacs_along_its_bits()
    {
        byte[] node = new byte[32];
        const uint interval = 0b1010_0000_0000_0011;
        for (int bit = KeyTree.Depth - 1; bit >= 0; bit--) node = HMACSHA256.HashData(node, new byte[] { (byte)(interval >> bit & 1) });
        using SymmetricKey seed = new(new byte[32]);
        using SymmetricKey key = KeyTree.IntervalKey(seed, interval);
        Assert.Equal(node, key.Bytes.ToArray());
    }

    [Fact]
    public void D3_3_a_range_opens_exactly_its_intervals_with_at_most_2_log2_n_nodes()
    {
        using SymmetricKey seed = new(Enumerable.Repeat((byte)9, 32).ToArray());
        Prop.ForAll(Gen.Choose(0, KeyTree.Intervals - 1).Two().ToArbitrary(), pair =>
        {
            (uint a, uint b) = ((uint)Math.Min(pair.Item1, pair.Item2), (uint)Math.Max(pair.Item1, pair.Item2));
            using KeyBundle bundle = KeyBundle.Cut(seed, a, b);
            int allowed = 2 * Math.Max(1, (int)Math.Ceiling(Math.Log2(b - a + 1)));
            return bundle.NodeCount <= allowed && !Opens(bundle, a - 1UL) && !Opens(bundle, b + 1UL)
                && Same(bundle, seed, a) && Same(bundle, seed, b) && Same(bundle, seed, a + (b - a) / 2);
        }).QuickCheckThrowOnFailure();
        using KeyBundle part = KeyBundle.Cut(seed, 10, 29);
        using KeyBundle? narrow = part.Narrow(12, 20);
        Assert.True(Same(narrow!, seed, 12) && Same(narrow!, seed, 20) && !Opens(narrow!, 11) && !Opens(narrow!, 21));
        Assert.Null(part.Narrow(9, 12));
        using KeyBundle all = KeyBundle.Cut(seed, 0, KeyTree.Intervals - 1);
        Assert.Equal(1, all.NodeCount);
    }

    [Fact]
    public void D3_3_every_small_range_is_covered_once_and_nothing_else()
    {
        for (uint a = 0; a < 34; a++)
            for (uint b = a; b < 34; b++)
            {
                uint at = a;
                foreach (KeyPlace place in KeyTree.Cover(a, b))
                {
                    Assert.Equal(at, place.First);
                    at = place.Last + 1;
                }
                Assert.Equal(b + 1, at);
            }
    }

    [Fact]
    public void D3_3_a_bundle_reads_back_and_hostile_bytes_are_refused()
    {
        using SymmetricKey seed = new(new byte[32]);
        using KeyBundle bundle = KeyBundle.Cut(seed, 65_536 + 3, 65_536 + 9);
        byte[] bytes = bundle.Encode();
        Assert.True(KeyBundle.TryDecode(bytes, out KeyBundle? back));
        Assert.Equal(bytes, back.Encode());
        Assert.True(Opens(back, 65_536 + 4));
        Assert.False(Opens(back, 4));
        for (int length = 0; length < bytes.Length; length++) Assert.False(KeyBundle.TryDecode(bytes.AsSpan(0, length), out _));
        Assert.False(KeyBundle.TryDecode([.. bytes, 0], out _));
    }

    [Fact]
    public void D3_8_secrets_are_not_printed_and_are_wiped()
    {
        SymmetricKey key = new(Enumerable.Repeat((byte)0xab, 32).ToArray());
        Assert.DoesNotContain("ab", key.ToString(), StringComparison.OrdinalIgnoreCase);
        key.Dispose();
        Assert.Equal(new byte[32], key.Bytes.ToArray());
    }

    private static bool Opens(KeyBundle bundle, ulong interval)
    {
        bool opens = bundle.TryIntervalKey(interval, out SymmetricKey? key);
        key?.Dispose();
        return opens;
    }

    private static bool Same(KeyBundle bundle, SymmetricKey seed, ulong interval)
    {
        using SymmetricKey expected = KeyTree.IntervalKey(seed, interval);
        return bundle.TryIntervalKey(interval, out SymmetricKey? key) && key.Bytes.SequenceEqual(expected.Bytes);
    }
}
