using CPChain.Dpor;
using CPChain.Sdk;
using CPChain.Sdk.Contracts.Generated;

namespace CPChain.App.Proposing;

/// <summary>An account's seats in a term that is decided.</summary>
/// <param name="Term">The term.</param>
/// <param name="Seats">Its seats, from 0.</param>
/// <param name="Elected">Whether by election; a default proposer is seated without one.</param>
internal sealed record TermSeats(ulong Term, IReadOnlyList<int> Seats, bool Elected);

/// <summary>What an account's elections look like from outside: in which terms it sits, which blocks are its own.</summary>
internal sealed class ElectionWatch(ChainSession session, Terms terms)
{
    private ulong seenThrough;
    private ulong? toldThrough;

    /// <summary>The seats of an account in a term; null where it has none.</summary>
    public async Task<TermSeats?> SeatsInAsync(ulong term, CancellationToken cancel)
    {
        IReadOnlyList<DporViews.Seat> committee = await session.Dpor.CommitteeOfAsync(term, cancel: cancel);
        int[] seats = [.. committee.Index().Where(seat => seat.Item.Account == session.Address).Select(seat => seat.Index)];
        return seats.Length == 0 ? null : new TermSeats(term, seats, committee[seats[0]].IsElected);
    }

    /// <summary>The head's term and the next: those whose committees the contract tells.</summary>
    public IEnumerable<ulong> DrawnTerms(ulong head) => [terms.TermOf(head), terms.TermOf(head) + 1];

    /// <summary>Seats and blocks of the account that were not told yet, as the head has them.</summary>
    public async Task<(IReadOnlyList<TermSeats> Elected, IReadOnlyList<ulong> Proposed)> NewsAsync(ulong head, CancellationToken cancel)
    {
        List<TermSeats> elected = [];
        foreach (ulong term in DrawnTerms(head).Where(term => toldThrough is null || term > toldThrough))
        {
            if (await SeatsInAsync(term, cancel) is { Elected: true } seats) elected.Add(seats);
            toldThrough = term;
        }

        List<ulong> proposed = [];
        for (ulong number = seenThrough == 0 ? head : seenThrough + 1; number <= head; number++)
        {
            BlockInfo? block = await session.Client.GetBlockAsync(number, cancel);
            if (block?.Coinbase == session.Address) proposed.Add(number);
        }

        seenThrough = head;
        return (elected, proposed);
    }
}
