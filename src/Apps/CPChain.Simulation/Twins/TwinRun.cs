using CPChain.Lbft;
using CPChain.Types;

namespace CPChain.Simulation.Twins;

/// <summary>
/// Plays scenarios one after another on the production machine, in lock step: a slot's messages, then its timers.
/// </summary>
/// <remarks>
/// Not safe for several threads; each worker has its own. Everything is reused, since a scenario costs less than
/// the memory that it would leave behind.
/// </remarks>
public sealed class TwinRun
{
    private readonly TwinHost _host;
    private readonly LbftRules _rules;

    /// <param name="space">The scenarios to play.</param>
    /// <param name="rules">The rules in force.</param>
    public TwinRun(TwinSpace space, LbftRules rules)
    {
        Space = space;
        Scenario = space.NewScenario();
        _rules = rules;
        _host = new TwinHost(Scenario, rules);
    }

    public TwinSpace Space { get; }

    /// <summary>The scenario that was played last.</summary>
    public TwinScenario Scenario { get; }

    /// <summary>Called with every step when somebody wants to see a scenario.</summary>
    public Action<string>? Trace
    {
        get => _host.Trace;
        set => _host.Trace = value;
    }

    public TwinVerdict Play(UInt128 number)
    {
        Space.Read(number, Scenario);
        try
        {
            return Play();
        }
        catch (InvariantViolation violation)
        {
            return _host.Verdict(TwinOutcome.Violated, violation.Message);
        }
    }

    private TwinVerdict Play()
    {
        _host.Reset();
        for (int slot = 0; slot < TwinScenario.Slots && !_host.IsOver; slot++)
        {
            _host.Divide(slot);
            if (slot == 0) _host.Propose();
            else EndRound(slot);
            if (slot > 0 && Scenario.Resends) _host.FireResend();
            _host.FireCoordinatorTimers();
        }

        return _host.IsOver ? End(TwinOutcome.DecidedBefore) : Heal();
    }

    private void EndRound(int slot)
    {
        int early = slot == 1 ? Scenario.EarlySeats : 0;
        if (early > 0) _host.FireRoundTimers(0, early);
        _host.FireRoundTimers(early);
    }

    // From here the network is whole and in time: L25 promises a decision by round f+2 of those that follow. Each pass
    // lets the timers of one round run out, so a pass more than rounds shows that nothing moves at all.
    private TwinVerdict Heal()
    {
        _host.Unite();
        int rounds = Scenario.TwinSeats.Length + 2;
        int bound = _host.RoundMax + rounds;
        for (int pass = 0; pass <= rounds + 1 && _host.RoundMax <= bound; pass++)
        {
            _host.FireResend();
            _host.FireCoordinatorTimers();
            if (_host.IsOver) return End(TwinOutcome.DecidedAfter);
            _host.FireRoundTimers();
            if (_host.IsOver) return End(TwinOutcome.DecidedAfter);
        }

        return End(TwinOutcome.Stuck);
    }

    private TwinVerdict End(TwinOutcome outcome)
    {
        if (_host.Violation is null && outcome != TwinOutcome.Stuck) _host.CheckEnd();
        if (_host.Violation is { } violation) return _host.Verdict(TwinOutcome.Violated, violation);

        return outcome == TwinOutcome.Stuck
            ? _host.Verdict(outcome, $"no decision by round {_host.RoundMax}: {_host.Undecided()}")
            : _host.Verdict(outcome, null);
    }
}
