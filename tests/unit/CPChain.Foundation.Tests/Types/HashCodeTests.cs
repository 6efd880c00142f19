using System.Buffers.Binary;
using CPChain.Types;

namespace CPChain.Foundation.Tests.Types;

/// <summary>Who chooses addresses and storage places must not choose where they lie in tables.</summary>
public sealed class HashCodeTests
{
    private const int Many = 10_000;

    public static TheoryData<string> Patterns => ["counter", "folded words", "high bits", "equal words"];

    // Words that differ, but as sums or folds of halves do not.
    private static ulong[] Words(string pattern, int i) => pattern switch
    {
        "counter" => [0, 0, 0, (ulong)i],
        "folded words" => [Folded(i), Folded(i + 1), Folded(i + 2), 7],
        "high bits" => [(ulong)i << 48, 0, (ulong)i << 32, 0],
        _ => [(ulong)i, (ulong)i, (ulong)i, (ulong)i],
    };

    private static ulong Folded(int i) => ((ulong)i << 32) | (uint)i;

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Chosen_words_and_addresses_do_not_meet(string pattern)
    {
        HashSet<int> words = [], addresses = [], low = [];
        for (int i = 0; i < Many; i++)
        {
            ulong[] parts = Words(pattern, i);
            words.Add(new UInt256(parts[0], parts[1], parts[2], parts[3]).GetHashCode());
            byte[] bytes = new byte[Address.Length];
            BinaryPrimitives.WriteUInt64BigEndian(bytes, parts[0]);
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), parts[2]);
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), unchecked((uint)parts[3]));
            int hash = Address.FromBytes(bytes).GetHashCode();
            addresses.Add(hash);
            low.Add(hash & 0xffff);
        }

        // 10,000 random numbers of 32 bits meet 12 times among them; of 16 bits, they take 9,274 places.
        Assert.InRange(words.Count, Many - 60, Many);
        Assert.InRange(addresses.Count, Many - 60, Many);
        Assert.InRange(low.Count, 9_000, 9_550);
    }
}
