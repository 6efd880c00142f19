using System.Net;

namespace CPChain.Network;

/// <summary>
/// Room for connections that have not said who they are: so many in all and fewer for one network address, so that whoever opens
/// connections and stays silent keeps out no more than itself. Any thread may call.
/// </summary>
internal sealed class HandshakeSlots(int slotsMax, int slotsMaxPerAddress)
{
    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, int> taken = [];
    private int total;

    internal bool TryTake(IPAddress address)
    {
        lock (gate)
        {
            int own = taken.GetValueOrDefault(address);
            if (total >= slotsMax || own >= slotsMaxPerAddress)
            {
                return false;
            }
            taken[address] = own + 1;
            total++;
            return true;
        }
    }

    internal void Release(IPAddress address)
    {
        lock (gate)
        {
            int own = taken[address] - 1;
            if (own == 0)
            {
                taken.Remove(address);
            }
            else
            {
                taken[address] = own;
            }
            total--;
        }
    }
}
