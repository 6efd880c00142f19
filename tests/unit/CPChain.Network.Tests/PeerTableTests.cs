using CPChain.Types;

namespace CPChain.Network.Tests;

public sealed class PeerTableTests
{
    [Fact]
    public void W7_a_ban_that_is_over_leaves_no_trace_once_another_begins()
    {
        HandClock clock = new();
        PeerTable table = new(Address.Zero, clock);
        for (ulong i = 1; i <= 100; i++)
        {
            table.Ban(Address.FromUInt256(i), TimeSpan.FromSeconds(60));
        }
        clock.Seconds = 59;
        Assert.True(table.IsBanned(Address.FromUInt256(1UL)));

        clock.Seconds = 61;
        table.Ban(Address.FromUInt256(101UL), TimeSpan.FromSeconds(60));

        Assert.Equal(1, table.BanCount);
        Assert.True(table.IsBanned(Address.FromUInt256(101UL)));
    }

    private sealed class HandClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
