namespace CPChain.Simulation.Twins;

/// <summary>
/// All ways to divide a number of nodes into groups that cannot talk to each other, each with a number.
/// </summary>
/// <remarks>
/// The order is that of restricted growth strings: node 0 is in group 0, and no node opens group g+1 before a
/// lower one is in group g. Their count is the Bell number: 52 for five nodes, 203 for six, 877 for seven.
/// </remarks>
public sealed class SetPartitions
{
    public const int NodesMax = 20;

    // Completions[i, g]: ways to place the nodes from i on when g groups are open.
    private readonly ulong[,] _completions;

    public SetPartitions(int nodes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nodes, NodesMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(nodes);
        Nodes = nodes;
        _completions = new ulong[nodes + 1, nodes + 2];
        for (int groups = 0; groups <= nodes + 1; groups++) _completions[nodes, groups] = 1;
        for (int node = nodes - 1; node >= 0; node--)
            for (int groups = 0; groups <= node; groups++)
                _completions[node, groups] =
                    ((ulong)groups * _completions[node + 1, groups]) + _completions[node + 1, groups + 1];
    }

    public int Nodes { get; }

    /// <summary>The Bell number of <see cref="Nodes"/>.</summary>
    public ulong Count => _completions[0, 0];

    /// <summary>Writes the group of each node in this partition, 0 to <see cref="Count"/> - 1.</summary>
    public void Write(ulong number, Span<byte> groupOf)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Count);
        int groups = 0;
        for (int node = 0; node < Nodes; node++)
        {
            ulong joining = _completions[node + 1, groups];
            ulong inOpenGroups = (ulong)groups * joining;
            if (number < inOpenGroups)
            {
                groupOf[node] = (byte)(number / joining);
                number %= joining;
            }
            else
            {
                number -= inOpenGroups;
                groupOf[node] = (byte)groups++;
            }
        }
    }
}
