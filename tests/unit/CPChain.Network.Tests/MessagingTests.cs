using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CPChain.Types;

namespace CPChain.Network.Tests;

public sealed class MessagingTests
{
    [Fact]
    public async Task W4_one_way_messages_arrive_whole_and_in_order()
    {
        await using TestNode sender = new();
        await using TestNode receiver = new();
        (Peer peer, _) = await sender.ConnectAsync(receiver);

        for (int i = 0; i < 1000; i++)
        {
            Assert.True(peer.Send(TestNode.Note, Encoding.ASCII.GetBytes($"note {i}")));
        }

        for (int i = 0; i < 1000; i++)
        {
            (Peer from, byte[] payload) = await receiver.NextNoteAsync();
            Assert.Equal($"note {i}", Encoding.ASCII.GetString(payload));
            Assert.Equal(sender.Identity, from.Identity);
        }
    }

    [Fact]
    public async Task W4_requests_are_answered_each_with_its_own_reply()
    {
        await using TestNode asker = new();
        await using TestNode answerer = new();
        (Peer peer, Peer back) = await asker.ConnectAsync(answerer);

        Reply[] replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            i => peer.RequestAsync(TestNode.Question, Encoding.ASCII.GetBytes($"{i}"), TestNode.Patience)));

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}!"), replies.Select(r => Encoding.ASCII.GetString(r.Payload.Span)));
        Assert.True((await back.RequestAsync(TestNode.Question, "x"u8.ToArray(), TestNode.Patience)).IsOk);
    }

    [Fact]
    public async Task W4_a_frame_of_many_megabytes_arrives_whole()
    {
        await using TestNode asker = new();
        await using TestNode answerer = new();
        byte[] large = RandomNumberGenerator.GetBytes(8 << 20);
        answerer.Network.OnRequest(TestNode.Large, (_, payload, _) => ValueTask.FromResult<byte[]?>(payload.ToArray()));
        (Peer peer, _) = await asker.ConnectAsync(answerer);

        Reply reply = await peer.RequestAsync(TestNode.Large, large, TestNode.Patience);

        Assert.True(reply.IsOk);
        Assert.True(reply.Payload.Span.SequenceEqual(large));
    }

    [Fact]
    public async Task W4_a_request_nobody_handles_is_refused_and_one_nobody_answers_times_out()
    {
        await using TestNode asker = new();
        await using TestNode answerer = new();
        TaskCompletionSource never = new();
        (Peer peer, _) = await asker.ConnectAsync(answerer);
        Assert.Equal(ReplyStatus.Refused, (await peer.RequestAsync(TestNode.Large, default, TestNode.Patience)).Status);

        answerer.Network.OnRequest(TestNode.Large, async (_, _, stopping) =>
        {
            await never.Task.WaitAsync(stopping);
            return [];
        });

        Assert.Equal(ReplyStatus.TimedOut, (await peer.RequestAsync(TestNode.Large, default, TimeSpan.FromMilliseconds(50))).Status);
    }

    [Fact]
    public async Task W4_a_lost_connection_ends_what_is_pending()
    {
        await using TestNode asker = new();
        TestNode answerer = new();
        TaskCompletionSource asked = new();
        answerer.Network.OnRequest(TestNode.Large, async (_, _, stopping) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, stopping);
            return null;
        });
        (Peer peer, _) = await asker.ConnectAsync(answerer);
        Task<Reply> reply = peer.RequestAsync(TestNode.Large, default, TestNode.Patience);
        await asked.Task.WaitAsync(TestNode.Patience);

        await answerer.DisposeAsync();

        Assert.Equal(ReplyStatus.Disconnected, (await reply).Status);
        Assert.Equal(ReplyStatus.Disconnected, (await peer.RequestAsync(TestNode.Question, default, TestNode.Patience)).Status);
    }

    [Fact]
    public async Task W6_requests_beyond_the_limit_are_answered_busy()
    {
        await using TestNode asker = new();
        await using TestNode answerer = new(o => o with { Limits = new NetworkLimits { RequestsInFlightMax = 2 } });
        TaskCompletionSource release = new();
        answerer.Network.OnRequest(TestNode.Large, async (_, _, _) =>
        {
            await release.Task;
            return [1];
        });
        (Peer peer, _) = await asker.ConnectAsync(answerer);
        Task<Reply>[] replies = [.. Enumerable.Range(0, 3).Select(_ => peer.RequestAsync(TestNode.Large, default, TestNode.Patience))];

        Task<Reply> first = await Task.WhenAny(replies).WaitAsync(TestNode.Patience);
        Assert.Equal(ReplyStatus.Busy, (await first).Status);
        release.SetResult();

        Assert.Equal(2, (await Task.WhenAll(replies)).Count(r => r.IsOk));
    }

    [Fact]
    public async Task W4_a_payload_over_the_cap_never_leaves()
    {
        await using TestNode sender = new();
        await using TestNode receiver = new();
        (Peer peer, _) = await sender.ConnectAsync(receiver);

        Assert.Throws<ArgumentException>(() => peer.Send(TestNode.Note, new byte[TestNode.NoteBytesMax + 1]));
        Assert.Throws<ArgumentException>(() => peer.Send(99, default));
    }

    [Fact]
    public async Task A_handler_that_throws_ends_its_connection_and_nothing_else()
    {
        await using TestNode sender = new();
        await using TestNode bystander = new();
        await using TestNode receiver = new();
        receiver.Network.OnMessage(TestNode.Large, (_, _) => throw new InvalidOperationException("handler"));
        (Peer peer, _) = await sender.ConnectAsync(receiver);
        (Peer other, _) = await bystander.ConnectAsync(receiver);

        peer.Send(TestNode.Large, default);

        Assert.Equal(PeerFault.HandlerFailed, (await receiver.NextGoneAsync()).ClosedBecause);
        Assert.True((await other.RequestAsync(TestNode.Question, default, TestNode.Patience)).IsOk);
    }

    [Fact]
    public async Task The_filter_sees_plain_frames_and_wire_bytes_and_drops_and_delays()
    {
        Capture capture = new();
        await using TestNode sender = new(o => o with { Filter = capture });
        await using TestNode receiver = new();
        (Peer peer, _) = await sender.ConnectAsync(receiver);
        byte[] marker = "a marker that is long enough to be found"u8.ToArray();

        Assert.False(peer.Send(TestNode.Note, "drop"u8.ToArray()));
        Assert.True(peer.Send(TestNode.Note, "late"u8.ToArray()));
        Assert.True(peer.Send(TestNode.Note, marker));

        Assert.Equal(marker, (await receiver.NextNoteAsync()).Payload);
        Assert.Equal("late"u8.ToArray(), (await receiver.NextNoteAsync()).Payload);
        Assert.True(capture.PlainHolds(marker));
        Assert.False(capture.WireHolds(marker));
        Assert.True(capture.WireBytes > marker.Length);
    }

    private sealed class Capture : LinkFilter
    {
        private readonly ConcurrentQueue<byte[]> plain = new();
        private readonly ConcurrentQueue<byte[]> wire = new();

        public int WireBytes => wire.Sum(w => w.Length);

        public bool PlainHolds(byte[] marker) => plain.Any(p => p.AsSpan().IndexOf(marker) >= 0);

        public bool WireHolds(byte[] marker) => wire.Any(w => w.AsSpan().IndexOf(marker) >= 0);

        public override LinkVerdict Outgoing(Address peer, ushort type, ReadOnlySpan<byte> payload) =>
            payload.SequenceEqual("drop"u8) ? LinkVerdict.Drop
            : payload.SequenceEqual("late"u8) ? LinkVerdict.After(TimeSpan.FromMilliseconds(200))
            : LinkVerdict.Deliver;

        public override void Plain(LinkDirection direction, Address peer, ReadOnlySpan<byte> frame) => plain.Enqueue(frame.ToArray());

        public override void Wire(LinkDirection direction, ReadOnlySpan<byte> bytes) => wire.Enqueue(bytes.ToArray());
    }
}
