using System.Text;

namespace CPChain.Simulation.Twins;

/// <summary>Who proposes in round 0.</summary>
public enum ProposerMode : byte
{
    /// <summary>One proposer, one block.</summary>
    One,

    /// <summary>Two proposers with one key, each with a valid block of its own; a restart that rebuilds, too.</summary>
    Twins,

    /// <summary>Two proposers with one key; the first one's block is illicit.</summary>
    TwinsOneIllicit,
}

/// <summary>What crosses the partition of a slot all the same, relayed by the adversary.</summary>
[Flags]
public enum Crossing : byte
{
    None = 0,

    /// <summary>WISH, without its certificate, which its signature does not cover.</summary>
    Wishes = 1,

    /// <summary>STATUS without and PROPOSE with its certificate.</summary>
    Coordination = 2,

    /// <summary>P-class votes, without certificates.</summary>
    Prepares = 4,

    /// <summary>C-class votes, without certificates.</summary>
    Commits = 8,
}

/// <summary>What does not reach a node that is deaf in a slot, though its group hears it: loss in one direction.</summary>
public enum Deafness : byte
{
    /// <summary>C-class votes, C-certificates and decided blocks.</summary>
    ToCommits,

    /// <summary>P-class votes as well.</summary>
    ToVotes,
}

/// <summary>One scenario: who is doubled, who proposes, and how the network is divided in each of four slots.</summary>
public sealed class TwinScenario
{
    /// <summary>Slots with a partition of their own; slot k begins when the timers of slot k-1 run out.</summary>
    public const int Slots = 4;

    internal TwinScenario(int validators, int twins)
    {
        Validators = validators;
        TwinSeats = new int[twins];
        for (int slot = 0; slot < Slots; slot++) Groups[slot] = new byte[SetPartitions.NodesMax];
    }

    /// <summary>The number of this scenario in its space.</summary>
    public UInt128 Number { get; internal set; }

    public int Validators { get; }

    /// <summary>Seats that two nodes hold; node n+k is the twin in the k-th of them.</summary>
    public int[] TwinSeats { get; }

    public ProposerMode Mode { get; internal set; }

    /// <summary>Every node says again at the start of each slot what L15 repeats, so lost votes arrive late.</summary>
    public bool Resends { get; internal set; }

    /// <summary>Group by node in each slot: validators, then twins, then, in slot 0, proposers.</summary>
    public byte[][] Groups { get; } = new byte[Slots][];

    public Crossing[] Crossings { get; } = new Crossing[Slots];

    /// <summary>Nodes that are deaf in each slot, a bit each.</summary>
    public uint[] Deaf { get; } = new uint[Slots];

    public Deafness[] DeafTo { get; } = new Deafness[Slots];

    /// <summary>Round 0 ends first at the seats below this one, then, when they have been heard, at the others.</summary>
    public int EarlySeats { get; internal set; }

    public int Nodes => Validators + TwinSeats.Length;

    public int Proposers => Mode == ProposerMode.One ? 1 : 2;

    public int SeatOf(int node) => node < Validators ? node : TwinSeats[node - Validators];

    public override string ToString()
    {
        StringBuilder text = new();
        text.Append($"scenario {Number}: n={Validators}, twins in {string.Join(' ', TwinSeats.Select(seat => $"v{seat}"))}, ");
        text.Append($"proposer {Mode}{(Resends ? ", re-sends" : "")}, {EarlySeats} early");
        for (int slot = 0; slot < Slots; slot++)
        {
            int nodes = Nodes + (slot == 0 ? Proposers : 0);
            text.Append($"; slot {slot}:");
            for (int group = 0; group < nodes; group++)
            {
                string[] members = [.. Enumerable.Range(0, nodes).Where(node => Groups[slot][node] == group).Select(NameOf)];
                if (members.Length > 0) text.Append($" {{{string.Join(' ', members)}}}");
            }

            if (Crossings[slot] != Crossing.None) text.Append($" but {Crossings[slot]}");
            if (Deaf[slot] == 0) continue;

            uint deaf = Deaf[slot];
            text.Append($" deaf {DeafTo[slot]}");
            text.Append($" {string.Join(' ', Enumerable.Range(0, Nodes).Where(node => ((deaf >> node) & 1) != 0).Select(NameOf))}");
        }

        return text.ToString();
    }

    private string NameOf(int node) => node < Validators ? $"v{node}"
        : node < Nodes ? $"v{SeatOf(node)}'"
        : $"p{node - Nodes}";
}
