using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Dpor;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods.Elections;

/// <summary>
/// dpor_*: reputation and what it is made of (D6), as the checkpoint of the block's term would find it if it were this block. Ranking reads the
/// counters of everybody on the list, so these take turns with calls.
/// </summary>
internal static class ReputationMethods
{
    public static void Add(MethodTable table, RpcNode node, WorkTurns turns)
    {
        table.AddAsync("dpor_getRpt", a => RptAsync(a, node.Chain, turns));
        table.AddAsync("dpor_getRNodes", a => RNodesAsync(a, node.Chain, turns));
    }

    private static async ValueTask<RpcAnswer> RptAsync(RpcArguments a, ChainReader chain, WorkTurns turns)
    {
        Address account = a.Address(0);
        BlockSelector block = a.Block(1);
        if (a.Fault is { } fault) return fault;
        return await turns.RunAsync(() => chain.Read(block, state => Rpt(state, account)), a.Cancel).ConfigureAwait(false);
    }

    private static RpcAnswer Rpt(ElectionState state, Address account)
    {
        ulong term = state.Stored.PresentTerm;
        Ranking ranking = state.Stored.RankingNow();
        ReputationScore score = ranking.ScoreOf(account);
        WindowSums sums = WindowSums.Of(state.Parameters, state.View, term, account);
        UInt256 deposit = state.View.DepositOf(account);
        PenaltyQueue penalties = state.View.PenaltiesOf(account);
        int standing = score.Standing(state.Parameters);
        ulong first = Reputation.WindowStart(state.Parameters, term);
        (ulong Term, Deeds Deeds, Money Money)[] terms =
        [
            .. Enumerable.Range(0, (int)(term - first + 1)).Select(i => first + (ulong)i)
                .Select(t => (t, state.View.DeedsOf(account, t), state.View.MoneyOf(account, t))),
        ];
        return RpcAnswer.Of(json =>
        {
            json.WriteStartObject();
            json.Address("account", account);
            json.WriteNumber("block", state.Header.Number);
            json.WriteNumber("term", term);
            json.WriteNumber("rpt", score.Rpt);
            json.WriteStartObject("points");
            json.WriteNumber("balance", score.Balance);
            json.WriteNumber("transactions", score.Transactions);
            json.WriteNumber("proxy", score.Proxy);
            json.WriteNumber("data", score.Data);
            json.WriteNumber("maintenance", score.Maintenance);
            json.WriteEndObject();
            json.WriteBoolean("isRNode", deposit >= state.Parameters.RNodeDeposit);
            json.Quantity("deposit", deposit);
            json.WriteBoolean("stands", ranking.Stands(account));
            json.WriteNumber("standing", standing);
            json.WriteBoolean("removed", standing < state.Parameters.RemovalBelow);
            json.WriteNumber("removalBelow", state.Parameters.RemovalBelow);
            json.WriteStartObject("penalties");
            json.WriteNumber("inWindow", score.Impeached);
            json.WriteNumber("limit", state.Parameters.PenaltyLimit);
            json.WriteNumber("windowTerms", state.Parameters.PenaltyWindow);
            json.WriteStartArray("terms");
            foreach (ulong impeached in penalties.Terms()) json.WriteNumberValue(impeached);
            json.WriteEndArray();
            json.WriteEndObject();
            WriteWindow(json, first, term, sums, terms);
            json.WriteEndObject();
        });
    }

    private static void WriteWindow(
        Utf8JsonWriter json, ulong first, ulong last, WindowSums sums, (ulong Term, Deeds Deeds, Money Money)[] terms)
    {
        json.WriteStartObject("window");
        json.WriteNumber("firstTerm", first);
        json.WriteNumber("lastTerm", last);
        json.Quantity("lowBalance", sums.Low);
        json.WriteNumber("countedSends", sums.Sends);
        json.WriteNumber("blocks", sums.Blocks);
        json.WriteNumber("uploads", sums.Uploads);
        json.WriteNumber("sales", sums.Sales);
        json.WriteNumber("receipts", sums.Receipts);
        json.Quantity("spent", sums.Spent);
        json.WriteStartArray("terms");
        foreach ((ulong term, Deeds deeds, Money money) in terms)
        {
            json.WriteStartObject();
            json.WriteNumber("term", term);
            json.WriteNumber("sends", deeds.Sends);
            json.WriteNumber("blocks", deeds.Blocks);
            json.WriteNumber("impeached", deeds.Impeached);
            json.WriteNumber("uploads", deeds.Uploads);
            json.WriteNumber("sales", deeds.Sales);
            json.WriteNumber("receipts", deeds.Receipts);
            if (money.Low is UInt256 low) json.Quantity("lowBalance", low);
            else json.WriteNull("lowBalance");
            json.Quantity("spent", money.Spent);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static async ValueTask<RpcAnswer> RNodesAsync(RpcArguments a, ChainReader chain, WorkTurns turns)
    {
        BlockSelector block = a.Block(0);
        Page page = a.Page(1);
        if (a.Fault is { } fault) return fault;
        return await turns.RunAsync(() => chain.Read(block, state => RNodes(state, page)), a.Cancel).ConfigureAwait(false);
    }

    private static RpcAnswer RNodes(ElectionState state, Page page)
    {
        ImmutableArray<Address> all = state.View.RNodes();
        Ranking ranking = state.Stored.RankingNow();
        HashSet<Address> seated = [.. (state.Stored.CommitteeOf(state.Stored.Term)?.Seats ?? []).Where(static s => s.Elected).Select(static s => s.Account)];
        (Address Account, UInt256 Deposit, int Rpt)[] shown =
            [.. page.Of(all).Select(account => (account, state.View.DepositOf(account), ranking.ScoreOf(account).Rpt))];
        return RpcAnswer.Of(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("block", state.Header.Number);
            json.WriteNumber("term", state.Stored.PresentTerm);
            json.WriteNumber("count", all.Length);
            json.WriteNumber("from", page.From);
            json.WriteStartArray("entries");
            foreach ((Address account, UInt256 deposit, int rpt) in shown)
            {
                json.WriteStartObject();
                json.Address("account", account);
                json.Quantity("deposit", deposit);
                json.WriteNumber("rpt", rpt);
                json.WriteString("status", seated.Contains(account) ? "committee" : ranking.Stands(account) ? "candidate" : "rnode");
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}
