using System.CommandLine;
using System.Text.Json.Nodes;
using CPChain.App.Proposing;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Sdk.Contracts.Generated;

namespace CPChain.App.Commands;

/// <summary>`cpchain campaign status`: lists, elected terms, the committee of now.</summary>
internal static class CampaignStatus
{
    public static Command Create() => ChainOptions.Of(
        "status", "Lists, elected terms, who proposes now. Example: cpchain campaign status --dir my-node", KeyUse.Address, [],
        async (_, chain, cancel) =>
        {
            Terms terms = (await chain.NumbersAsync(cancel)).Terms;
            ulong head = await chain.Client.GetBlockNumberAsync(cancel);
            ulong term = terms.TermOf(head);
            chain.Answer.Fact("address", "address", AddressChecksum.Format(chain.Address));
            chain.Answer.Fact("block", "newest block", $"{head}", head);
            chain.Answer.Fact("term", "term", $"{term}, blocks {terms.FirstOf(term)} to {terms.CheckpointOf(term)}", term);
            await ListsAsync(chain, term, cancel);
            await SeatsAsync(chain, new ElectionWatch(chain, terms), head, cancel);
            DporViews.Deeds deeds = await chain.Dpor.DeedsOfAsync(chain.Address, term, cancel: cancel);
            chain.Answer.Fact("proposed", "blocks this term", $"{deeds.Blocks}", deeds.Blocks);
            chain.Answer.Fact("impeached", "impeached", $"{deeds.Impeached}", deeds.Impeached);
            await ScheduleAsync(chain, terms, head, term, cancel);
        });

    private static async Task ListsAsync(ChainSession chain, ulong term, CancellationToken cancel)
    {
        Campaign.Claim claim = await chain.Campaign.ClaimOfAsync(chain.Address, cancel: cancel);
        bool isListed = claim.Count != 0 && claim.LastList >= term;
        chain.Answer.Fact(
            "lastList", "on lists", isListed ? $"through that of term {claim.LastList}, serving through {claim.LastList + ClaimWindow.Lead}"
                : claim.Count == 0 ? "none" : $"none since that of term {claim.LastList}",
            claim.Count == 0 ? null : JsonValue.Create(claim.LastList));
        ulong others = (await chain.Campaign.CountOfAsync(term, cancel: cancel)).ToUlongSaturating();
        chain.Answer.Fact("listed", "stand now", $"{others} on the list of term {term}", others);
    }

    private static async Task SeatsAsync(ChainSession chain, ElectionWatch watch, ulong head, CancellationToken cancel)
    {
        JsonArray elected = [];
        foreach (ulong term in watch.DrawnTerms(head))
        {
            if (await watch.SeatsInAsync(term, cancel) is not { } seats) continue;
            elected.Add((JsonNode)term);
            chain.Answer.Say($"{"seated:",-18} in term {term}, seat {string.Join(", ", seats.Seats)}{(seats.Elected ? "" : ", as default proposer")}");
        }

        if (elected.Count == 0) chain.Answer.Say($"{"seated:",-18} in no term that is drawn");
        chain.Answer.Member("seatedTerms", elected);
        (bool ever, ulong last) = await chain.Dpor.LastElectedTermAsync(chain.Address, cancel: cancel);
        chain.Answer.Fact("lastElected", "last elected for", ever ? $"term {last}" : "none yet", ever ? JsonValue.Create(last) : null);
    }

    private static async Task ScheduleAsync(ChainSession chain, Terms terms, ulong head, ulong term, CancellationToken cancel)
    {
        IReadOnlyList<DporViews.Seat> committee = await chain.Dpor.CommitteeOfAsync(term, cancel: cancel);
        JsonArray seats = [];
        chain.Answer.Say($"Committee of term {term}, in the order of its numbers:");
        foreach ((int index, DporViews.Seat seat) in committee.Index())
        {
            seats.Add((JsonNode)new JsonObject { ["account"] = AddressChecksum.Format(seat.Account), ["elected"] = seat.IsElected });
            bool isNext = head < terms.CheckpointOf(term) && (int)(terms.OffsetOf(head + 1) % (ulong)committee.Count) == index;
            chain.Answer.Say($"  {(isNext ? ">" : " ")} {AddressChecksum.Format(seat.Account)}  {(seat.IsElected ? "elected" : "default")}"
                + (seat.Account == chain.Address ? "  (this account)" : ""));
        }

        if (committee.Count == 0) chain.Answer.Say("  default proposers in every seat: no roll was made for it");
        chain.Answer.Member("committee", seats);
    }
}
