using System.Buffers.Binary;
using CPChain.Evm;
using CPChain.Ledger.States;
using CPChain.Types;

namespace CPChain.Storage.Tests.Ledgers;

public sealed class AccountTableTests
{
    private const int Many = 20_000;

    [Fact]
    public void A_table_has_what_was_put_in_and_nothing_else()
    {
        AccountTable table = new();
        for (int i = 0; i < Many; i += 2)
        {
            Assert.True(table.Put(AddressOf(i), Known(i), replaces: false));
        }

        for (int i = 0; i < Many; i++)
        {
            Assert.Equal(i % 2 == 0, table.TryGet(AddressOf(i), out KnownAccount known));
            Assert.Equal(i % 2 == 0 ? Known(i) : default, known);
        }
    }

    [Fact]
    public void An_account_that_is_there_is_replaced_only_on_demand()
    {
        AccountTable table = new();
        table.Put(AddressOf(1), Known(1), replaces: true);
        Assert.False(table.Put(AddressOf(1), Known(2), replaces: false));
        Assert.True(table.TryGet(AddressOf(1), out KnownAccount kept));
        Assert.Equal(Known(1), kept);

        KnownAccount gone = new(null, 9);
        Assert.False(table.Put(AddressOf(1), gone, replaces: true));
        Assert.True(table.TryGet(AddressOf(1), out KnownAccount replaced));
        Assert.Equal(gone, replaced);
    }

    [Fact]
    public async Task A_table_is_read_while_it_grows()
    {
        AccountTable table = new();
        int added = 0;
        Task adding = Task.Run(() =>
        {
            for (int i = 0; i < Many; i++)
            {
                table.Put(AddressOf(i), Known(i), replaces: true);
                Volatile.Write(ref added, i + 1);
            }
        });
        int read = 0;
        while (read < Many && !adding.IsFaulted)
        {
            for (int last = Volatile.Read(ref added); read < last; read++)
            {
                Assert.True(table.TryGet(AddressOf(read), out KnownAccount known));
                Assert.Equal(Known(read), known);
            }
        }

        await adding;
    }

    [Fact]
    public void A_full_cache_drops_the_half_that_nobody_asked_for()
    {
        AccountCache cache = new(bytesMax: 0);
        cache.Advance(1, [new AccountChange(AddressOf(0), Known(0).Account)]);
        for (int i = 1; i < 8_000; i++)
        {
            cache.Advance((ulong)i + 1, [new AccountChange(AddressOf(i), Known(i).Account)]);
            Assert.True(cache.TryGet(AddressOf(0), (ulong)i + 1, out _), "what is asked for all the time stays");
        }

        Assert.False(cache.TryGet(AddressOf(7_999), 7_999, out _), "a state before the change must not have it");
        int left = Enumerable.Range(1, 7_999).Count(i => cache.TryGet(AddressOf(i), 8_000, out _));
        Assert.InRange(left, 1_000, 2_048);
    }

    private static Address AddressOf(int i)
    {
        byte[] bytes = new byte[Address.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), i);
        return Address.FromBytes(bytes);
    }

    private static KnownAccount Known(int i) => new(Account.Empty with { Nonce = (ulong)i, Balance = new UInt256(7) }, (ulong)i);
}
