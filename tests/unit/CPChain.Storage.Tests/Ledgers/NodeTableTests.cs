using CPChain.Crypto;
using CPChain.Ledger.States;
using CPChain.Types;

namespace CPChain.Storage.Tests.Ledgers;

public sealed class NodeTableTests
{
    private const int Many = 20_000;

    [Fact]
    public void L10_a_table_has_what_was_added_and_nothing_else()
    {
        NodeTable table = new();
        for (int i = 0; i < Many; i += 2)
        {
            Assert.True(table.TryAdd(HashOf(i), Node(i)));
        }

        for (int i = 0; i < Many; i++)
        {
            Assert.Equal(i % 2 == 0, table.TryGet(HashOf(i), out ReadOnlyMemory<byte> node));
            Assert.Equal(i % 2 == 0 ? Node(i) : [], node.ToArray());
        }

        Assert.False(table.TryAdd(HashOf(0), Node(1)));
        Assert.True(table.TryGet(HashOf(0), out ReadOnlyMemory<byte> first));
        Assert.Equal(Node(0), first.ToArray());
    }

    [Fact]
    public void L10_a_table_copies_everything_once()
    {
        NodeTable table = new();
        for (int i = 0; i < 1_000; i++)
        {
            table.TryAdd(HashOf(i), Node(i));
        }

        Dictionary<Hash256, byte[]> copied = [];
        table.CopyTo((hash, node) => copied.Add(hash, node.ToArray()));
        Assert.Equal(1_000, copied.Count);
        Assert.All(Enumerable.Range(0, 1_000), i => Assert.Equal(Node(i), copied[HashOf(i)]));
    }

    [Fact]
    public async Task L10_a_table_is_read_while_it_grows()
    {
        NodeTable table = new();
        int added = 0;
        Task adding = Task.Run(() =>
        {
            for (int i = 0; i < Many; i++)
            {
                table.TryAdd(HashOf(i), Node(i));
                Volatile.Write(ref added, i + 1);
            }
        });
        int read = 0;
        while (read < Many)
        {
            for (int last = Volatile.Read(ref added); read < last; read++)
            {
                Assert.True(table.TryGet(HashOf(read), out ReadOnlyMemory<byte> node));
                Assert.True(node.Span.SequenceEqual(Node(read)));
            }
        }

        await adding;
    }

    // Larger than a chunk, and of no bytes at all.
    [Theory]
    [InlineData(0)]
    [InlineData(200_000)]
    public void L10_a_node_may_have_any_length(int length)
    {
        NodeTable table = new();
        table.TryAdd(HashOf(1), Node(1));
        Assert.True(table.TryAdd(HashOf(2), new byte[length]));
        Assert.True(table.TryGet(HashOf(2), out ReadOnlyMemory<byte> node));
        Assert.Equal(length, node.Length);
        Assert.True(table.TryGet(HashOf(1), out node));
        Assert.Equal(Node(1), node.ToArray());
    }

    [Fact]
    public void L10_a_full_cache_drops_the_half_that_nobody_asked_for()
    {
        NodeCache cache = new(64 << 10);
        for (int i = 0; i < 4_000; i++)
        {
            cache.Add(HashOf(i), Node(i));
            Assert.True(cache.TryGet(HashOf(0), out _), "what is asked for all the time stays");
        }

        int left = Enumerable.Range(1, 3_999).Count(i => cache.TryGet(HashOf(i), out _));
        Assert.InRange(left, 1, 1_000);
    }

    private static Hash256 HashOf(int i) => Keccak256.Hash(BitConverter.GetBytes(i));

    private static byte[] Node(int i) => [.. BitConverter.GetBytes(i), .. new byte[i % 90]];
}
