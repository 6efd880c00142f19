using System.Text.Json;
using CPChain.Dpor;

namespace CPChain.Sdk.Elections;

/// <summary>Reads what nodes say of elections.</summary>
internal static class ElectionAnswers
{
    private static readonly string[] s_dimensions = ["balance", "transactions", "proxy", "data", "maintenance"];

    public static CommitteeInfo Committee(AnswerReader r, JsonElement e) => new(
        Number(r, e, "term"), Number(r, e, "firstNumber"), Number(r, e, "lastNumber"),
        r.List(r.Member(e, "seats"), seat => new CommitteeSeat(
            r.Address(r.Member(seat, "account")), Flag(r, seat, "elected"), r.Hash(r.Member(seat, "commitment")))));

    public static TermInfo Term(AnswerReader r, JsonElement e)
    {
        JsonElement next = r.Member(e, "next");
        return new TermInfo(
            Place(r, e), Number(r, e, "firstNumber"), Number(r, e, "checkpoint"), Place(r, next), r.Address(r.Member(next, "proposer")),
            Flag(r, next, "elected"),
            new ScheduleState(Flag(r, next, "fell"), (int)Math.Min(Number(r, next, "run"), int.MaxValue), Flag(r, next, "over")));
    }

    public static ReputationInfo Reputation(AnswerReader r, JsonElement e)
    {
        JsonElement points = r.Member(e, "points");
        JsonElement penalties = r.Member(e, "penalties");
        JsonElement window = r.Member(e, "window");
        return new ReputationInfo(
            r.Address(r.Member(e, "account")), Number(r, window, "lastTerm"), Number(r, window, "firstTerm"), Number(r, e, "rpt"),
            [.. s_dimensions.Select(name => Number(r, points, name))], Flag(r, e, "isRNode"), Flag(r, e, "stands"), Number(r, e, "standing"),
            Flag(r, e, "removed"), Number(r, penalties, "inWindow"), Number(r, penalties, "limit"));
    }

    private static TermPlace Place(AnswerReader r, JsonElement e) =>
        new(Number(r, e, "number"), Number(r, e, "term"), OptionalNumber(r, e, "view"), OptionalNumber(r, e, "seat"));

    private static ulong Number(AnswerReader r, JsonElement e, string name) => OptionalNumber(r, e, name) ?? throw r.Bad($"{name} is missing");

    private static ulong? OptionalNumber(AnswerReader r, JsonElement e, string name)
    {
        JsonElement value = r.Member(e, name);
        if (value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out ulong number) ? number : throw r.Bad($"{name} is no number");
    }

    private static bool Flag(AnswerReader r, JsonElement e, string name) => r.Member(e, name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw r.Bad($"{name} is neither true nor false"),
    };
}
