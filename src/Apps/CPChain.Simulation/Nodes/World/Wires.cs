namespace CPChain.Simulation.Nodes.World;

/// <summary>How links treat messages.</summary>
/// <param name="LossPercent">Messages that never arrive.</param>
/// <param name="RepeatPercent">Messages that arrive a second time.</param>
/// <param name="DelayMinUs">Shortest one-way delay, microseconds.</param>
/// <param name="DelayMaxUs">Longest one-way delay, microseconds.</param>
/// <param name="KeepsOrder">As a TCP connection does; else messages overtake each other.</param>
internal sealed record LinkConditions(int LossPercent, int RepeatPercent, int DelayMinUs, int DelayMaxUs, bool KeepsOrder)
{
    /// <summary>A healthy network, well within Delta.</summary>
    internal static LinkConditions Quiet { get; } = new(0, 0, 1_000, 30_000, KeepsOrder: true);
}

/// <summary>All links between the nodes of a world: who is connected, what arrives when, what never does.</summary>
internal sealed class Wires
{
    private const int RedialMinUs = 100_000;
    private const int RedialMaxUs = 5_000_000;

    private readonly VirtualTime time;
    private readonly SeededRandom chance;
    private readonly VirtualNetwork?[] ends;
    private readonly bool[,] cuts;
    private readonly long[,] lastArrival;

    internal Wires(VirtualTime time, SeededRandom chance, WorldTrace trace, int nodes)
    {
        this.time = time;
        this.chance = chance;
        Trace = trace;
        ends = new VirtualNetwork?[nodes];
        cuts = new bool[nodes, nodes];
        lastArrival = new long[nodes, nodes];
    }

    internal WorldTrace Trace { get; }

    internal VirtualTime Time => time;

    internal LinkConditions Conditions { get; set; } = LinkConditions.Quiet;

    internal long Delivered { get; private set; }

    internal long Lost { get; private set; }

    /// <summary>Told of each peer that an honest node refuses from now on.</summary>
    internal Action<int, int, string>? Banned { get; set; }

    internal void Cut(int from, int to, bool isCut) => cuts[from, to] = isCut;

    internal void Attach(VirtualNetwork end)
    {
        ends[end.Index] = end;
        for (int other = 0; other < ends.Length; other++)
        {
            if (other != end.Index)
            {
                PlanDial(end.Index, other, chance.Below(RedialMinUs));
            }
        }
    }

    /// <summary>The node is gone; the others notice at once when its kernel says so, else when it comes back or by its silence.</summary>
    internal void Detach(int index, bool isNoticed)
    {
        if (ends[index] is not { } end)
        {
            return;
        }
        ends[index] = null;
        foreach (VirtualPeer peer in end.Table)
        {
            VirtualPeer other = peer.Other;
            time.In(isNoticed ? DrawDelay() : (long)(3 * end.Options.Limits.IdlePing).TotalMicroseconds, other.Close);
        }
    }

    /// <summary>Breaks the connection between two nodes, if there is one.</summary>
    internal void Reset(int from, int to) => ends[from]?.PeerAt(to)?.Close();

    internal void PlanDial(int from, int to, long inUs) => time.In(inUs, () => Dial(from, to));

    internal long DrawRedial() => RedialMinUs + chance.Below(RedialMaxUs - RedialMinUs);

    internal long DrawDelay() => Conditions.DelayMinUs + chance.Below(Math.Max(1, Conditions.DelayMaxUs - Conditions.DelayMinUs));

    internal void Transmit(VirtualPeer from, Frame frame)
    {
        int sender = from.Network.Index;
        int receiver = from.Other.Network.Index;
        int copies = 1 + (Conditions.RepeatPercent > 0 && chance.Chance(Conditions.RepeatPercent) ? 1 : 0);
        for (int copy = 0; copy < copies; copy++)
        {
            if (cuts[sender, receiver] || (Conditions.LossPercent > 0 && chance.Chance(Conditions.LossPercent)))
            {
                Lost++;
                continue;
            }
            long arrival = time.Now + DrawDelay();
            if (Conditions.KeepsOrder)
            {
                arrival = lastArrival[sender, receiver] = Math.Max(arrival, lastArrival[sender, receiver]);
            }
            time.At(arrival, () => Arrive(from.Other, frame));
        }
    }

    private void Arrive(VirtualPeer at, Frame frame)
    {
        VirtualNetwork network = at.Network;
        if (!at.IsOpen || !ReferenceEquals(ends[network.Index], network))
        {
            Lost++;
            return;
        }
        Delivered++;
        Trace.Delivered(time.Now, at.Other.Network.Index, network.Index, frame.Kind.ToString(), frame.Type, frame.Payload.Span);
        at.Take(frame);
    }

    private void Dial(int from, int to)
    {
        if (ends[from] is not { } dialer || ends[to] is not { } other || dialer.PeerAt(to) is { IsOpen: true, IsStale: false })
        {
            return;
        }
        if (cuts[from, to] || cuts[to, from] || !dialer.MayConnect(other) || !other.MayConnect(dialer))
        {
            PlanDial(from, to, DrawRedial());
            return;
        }
        time.In(3 * DrawDelay(), () =>
        {
            if (ReferenceEquals(ends[from], dialer) && ReferenceEquals(ends[to], other) && dialer.PeerAt(to) is not { IsStale: false })
            {
                Connect(dialer, other);
            }
        });
    }

    private void Connect(VirtualNetwork dialer, VirtualNetwork other)
    {
        dialer.PeerAt(other.Index)?.Close();
        other.PeerAt(dialer.Index)?.Close();
        if (!dialer.MayConnect(other) || !other.MayConnect(dialer))
        {
            PlanDial(dialer.Index, other.Index, DrawRedial());
            return;
        }
        VirtualPeer here = new(dialer, other.Identity, other.Role, dialed: true);
        VirtualPeer there = new(other, dialer.Identity, dialer.Role, dialed: false);
        here.Join(there);
        there.Join(here);
        dialer.Welcome(here);
        other.Welcome(there);
    }
}
