using System.CommandLine;
using System.Text.Json.Nodes;
using CPChain.App.Proposing;

namespace CPChain.App.Commands;

/// <summary>`cpchain campaign watch`: tells when the account is elected and when it proposes.</summary>
internal static class CampaignWatch
{
    private const string Elected = "elected", Proposed = "proposed";

    public static Command Create()
    {
        Option<string?> until = new("--until") { Description = $"End at the first time: {Elected} or {Proposed}. Else at Ctrl-C." };
        until.AcceptOnlyFromAmong(Elected, Proposed);
        return ChainOptions.Of(
            "watch", "Follow the chain and tell when the account is elected or proposes. Example: cpchain campaign watch --dir my-node --until elected",
            KeyUse.Address, [until], async (parsed, chain, cancel) =>
            {
                ElectionWatch watch = new(chain, (await chain.NumbersAsync(cancel)).Terms);
                JsonArray terms = [], blocks = [];
                chain.Answer.Member("elected", terms);
                chain.Answer.Member("proposed", blocks);
                await foreach (ulong head in chain.HeadsAsync(cancel))
                {
                    (IReadOnlyList<TermSeats> elected, IReadOnlyList<ulong> proposed) = await watch.NewsAsync(head, cancel);
                    foreach (TermSeats seats in elected)
                    {
                        terms.Add((JsonNode)seats.Term);
                        chain.Answer.Say($"block {head}: elected for term {seats.Term}, seat {string.Join(", ", seats.Seats)}");
                    }

                    foreach (ulong number in proposed)
                    {
                        blocks.Add((JsonNode)number);
                        chain.Answer.Say($"block {number}: proposed by this account");
                    }

                    if ((parsed.GetValue(until) == Elected && terms.Count > 0) || (parsed.GetValue(until) == Proposed && blocks.Count > 0)) return;
                }
            });
    }
}
