using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;

namespace CPChain.Simulation.Twins;

/// <summary>One node of a scenario: the production machine, the bodies it holds and the timers that run.</summary>
internal sealed class TwinNode(int index)
{
    public int Index { get; } = index;

    public Seat Seat { get; set; }

    public LbftState State { get; set; } = null!;

    /// <summary>A twin, or the node whose seat a twin shares: not honest, though each of the two obeys the rules.</summary>
    public bool IsDoubled { get; set; }

    /// <summary>Values whose body is here, a bit each.</summary>
    public int Held { get; set; }

    /// <summary>The value that was finalised; -1 for none yet.</summary>
    public int Decided { get; set; }

    /// <summary>The round whose round timer runs; -1 for none.</summary>
    public int RoundTimer { get; set; }

    /// <summary>The round whose coordinator's wait runs; -1 for none.</summary>
    public int CoordinatorTimer { get; set; }

    /// <summary>Its timer of round 0 ran out while its height was open.</summary>
    public bool HasTimedOut { get; set; }

    /// <summary>Rounds it entered with the certificate that it held then, or none.</summary>
    public List<(int Round, Certificate? Entry)> Entered { get; } = new(8);

    /// <summary>A queued proposal is to be judged again at once.</summary>
    public bool IsAdmissionDue { get; set; }

    /// <summary>Everything this node has signed that binds it.</summary>
    public List<Statement> Signed { get; } = new(16);

    /// <summary>Votes and PROPOSEs of doubled seats that this node took in while its height was open.</summary>
    public List<(int Seat, Statement Said)> Heard { get; } = new(32);

    /// <summary>Seats that this node has proven guilty.</summary>
    public SeatSet Convicted { get; set; }

    public void Reset(LbftState entered, bool isDoubled)
    {
        State = entered;
        Seat = entered.Facts.Self!.Value;
        IsDoubled = isDoubled;
        Held = 0;
        Decided = -1;
        RoundTimer = 0;
        CoordinatorTimer = -1;
        IsAdmissionDue = false;
        HasTimedOut = false;
        Entered.Clear();
        Signed.Clear();
        Heard.Clear();
        Convicted = SeatSet.Empty;
    }
}
