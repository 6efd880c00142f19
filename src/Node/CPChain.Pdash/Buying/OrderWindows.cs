using CPChain.Sdk.Contracts;

namespace CPChain.Pdash.Buying;

/// <summary>The shortest windows of a listing under which a buyer orders, in seconds: each has to leave him the time for his own
/// next act.</summary>
/// <param name="GrantSeconds">For the seller's grant; below it an order runs out before an honest seller can answer.</param>
/// <param name="DeliverSeconds">From grant to threshold, in which the buyer verifies the grant and may still cancel.</param>
/// <param name="AcceptSeconds">From threshold to settlement by anybody, in which the buyer fetches and verifies the data.</param>
public sealed record OrderWindows(uint GrantSeconds = 60, uint DeliverSeconds = 300, uint AcceptSeconds = 600)
{
    /// <summary>What of a listing is too short for this buyer; null when nothing is.</summary>
    public string? WhyTooShort(MarketTerms terms) =>
        terms.GrantWithinSeconds < GrantSeconds ? Say("the grant", terms.GrantWithinSeconds, GrantSeconds)
        : terms.DeliverWithinSeconds < DeliverSeconds ? Say("the delivery", terms.DeliverWithinSeconds, DeliverSeconds)
        : terms.AcceptWithinSeconds < AcceptSeconds ? Say("the buyer to accept", terms.AcceptWithinSeconds, AcceptSeconds)
        : null;

    private static string Say(string what, uint seconds, uint least) => $"leaves {seconds} s for {what}, less than {least} s";
}
