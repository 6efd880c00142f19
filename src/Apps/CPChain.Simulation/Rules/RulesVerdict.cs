namespace CPChain.Simulation.Rules;

/// <summary>What a run has shown.</summary>
/// <param name="Violation">The broken invariant; null for none.</param>
/// <param name="Undecided">Honest nodes short of the last height at the end.</param>
/// <param name="Impeachments">Final impeach blocks.</param>
/// <param name="Heights">Final blocks.</param>
/// <param name="RoundMax">Highest round that decided a height.</param>
/// <param name="Steps">Steps of the machine.</param>
/// <param name="Votes">Votes that honest validators signed.</param>
/// <param name="Refused">Messages refused for a signature, a certificate or a body that is not what it claims.</param>
/// <param name="TraceHash">Of every step in order: equal runs have equal ones.</param>
/// <param name="EndMs">Virtual time at the end.</param>
public sealed record RulesVerdict(
    string? Violation, int Undecided, int Impeachments, ulong Heights, int RoundMax, long Steps, long Votes, long Refused,
    ulong TraceHash, long EndMs)
{
    public bool IsGood => Violation is null && Undecided == 0;

    public override string ToString() => Violation
        ?? $"{Undecided} undecided, {Impeachments} impeachments in {Heights} heights, round {RoundMax}, {EndMs} ms";
}
