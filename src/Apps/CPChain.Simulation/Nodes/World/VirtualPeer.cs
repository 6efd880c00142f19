using CPChain.Network;
using CPChain.Types;

namespace CPChain.Simulation.Nodes.World;

internal enum FrameType : byte
{
    Say = 0,
    Ask = 1,
    Answer = 2,
    Refuse = 3,
}

/// <summary>One message on a link.</summary>
internal readonly record struct Frame(FrameType Kind, ushort Type, uint Id, ReadOnlyMemory<byte> Payload);

/// <summary>
/// One side of a virtual connection. Like a real one it takes messages one after the other, refuses what the catalog does not allow, counts
/// penalties, and ends requests when it ends.
/// </summary>
internal sealed class VirtualPeer(VirtualNetwork network, Address identity, PeerRole role, bool dialed) : IPeer
{
    private readonly SortedDictionary<uint, TaskCompletionSource<Reply>> pending = [];
    private readonly Queue<Frame> waiting = new();
    private VirtualPeer? other;
    private bool isTaking;
    private uint lastId;
    private int points;
    private long countedAt;

    public Address Identity => identity;

    public PeerRole Role => role;

    public string Endpoint => "";

    public bool Dialed => dialed;

    internal VirtualNetwork Network => network;

    internal VirtualPeer Other => other!;

    internal bool IsOpen { get; private set; } = true;

    /// <summary>The other side has closed, or has died without a word.</summary>
    internal bool IsStale => !Other.IsOpen || Other.Network.Life.IsOver;

    internal void Join(VirtualPeer otherSide) => other = otherSide;

    public bool Send(ushort type, ReadOnlyMemory<byte> payload)
    {
        network.Wires.Time.Require("a message was sent");
        network.RequireAllowed(type, payload.Length, isReply: false);
        if (!IsOpen)
        {
            return false;
        }
        network.Say(this, type, payload);
        return true;
    }

    public async Task<Reply> RequestAsync(ushort type, ReadOnlyMemory<byte> payload, TimeSpan timeout, CancellationToken stopping = default)
    {
        network.Wires.Time.Require("a request was sent");
        network.RequireAllowed(type, payload.Length, isReply: false);
        stopping.ThrowIfCancellationRequested();
        if (!IsOpen)
        {
            return new Reply(ReplyStatus.Disconnected, default);
        }
        uint id = ++lastId;
        TaskCompletionSource<Reply> answer = new();
        pending[id] = answer;
        network.Life.In((long)timeout.TotalMicroseconds, () => Complete(id, new Reply(ReplyStatus.TimedOut, default)));
        Transmit(new Frame(FrameType.Ask, type, id, payload));
        return await answer.Task.WaitAsync(stopping).ConfigureAwait(false);
    }

    public void Penalize(int more, string why)
    {
        long minutes = (network.Wires.Time.Now - countedAt) / 60_000_000;
        if (minutes > 0)
        {
            points = minutes >= 31 ? 0 : points >> (int)minutes;
            countedAt = network.Wires.Time.Now;
        }
        points += more;
        network.Wires.Trace.Happened(network.Wires.Time.Now, network.Index, $"scores n{Other.Network.Index} {more}: {why}");
        if (points >= network.Options.Limits.PenaltyMax)
        {
            network.Ban(this, why);
            Close();
        }
    }

    internal void Transmit(Frame frame) => network.Wires.Transmit(this, frame);

    internal void Take(Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameType.Answer:
                Complete(frame.Id, new Reply(ReplyStatus.Ok, frame.Payload));
                break;
            case FrameType.Refuse:
                Complete(frame.Id, new Reply(ReplyStatus.Refused, default));
                break;
            default:
                waiting.Enqueue(frame);
                TakeWaiting();
                break;
        }
    }

    internal void Close()
    {
        if (!IsOpen)
        {
            return;
        }
        IsOpen = false;
        if (network.Life.IsOver)
        {
            return;
        }
        foreach (uint id in pending.Keys.ToArray())
        {
            Complete(id, new Reply(ReplyStatus.Disconnected, default));
        }
        network.Forget(this);
        network.Wires.Time.In(network.Wires.DrawDelay(), Other.Close);
        network.Wires.PlanDial(network.Index, Other.Network.Index, network.Wires.DrawRedial());
    }

    private void Complete(uint id, Reply reply)
    {
        if (pending.Remove(id, out TaskCompletionSource<Reply>? answer))
        {
            answer.TrySetResult(reply);
        }
    }

    // The next message of a peer waits until the one before is handled: that is the back-pressure.
    private void TakeWaiting()
    {
        while (!isTaking && waiting.TryDequeue(out Frame frame))
        {
            Task handling = network.HandleAsync(this, frame);
            if (!handling.IsCompleted)
            {
                isTaking = true;
                _ = ResumeAsync(handling);
            }
        }
    }

    private async Task ResumeAsync(Task handling)
    {
        await handling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        isTaking = false;
        TakeWaiting();
    }
}
