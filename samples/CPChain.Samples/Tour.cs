using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Sdk.Proofs;
using CPChain.Types;

namespace CPChain.Samples;

/// <summary>The code of docs/sdk.md, in the order of the page: what stands between two marks is quoted there.</summary>
public static class Tour
{
    public static async Task RunAsync(Uri node, LocalAccount funded, TextWriter output)
    {
        // doc: connect
        using ChainClient client = new(node);
        ulong chainId = await client.GetChainIdAsync();
        BlockInfo head = (await client.GetBlockAsync())!;
        output.WriteLine($"chain {chainId}, block {head.Number} of {DateTimeOffset.FromUnixTimeSeconds((long)head.TimestampSeconds):u}");
        // end

        string folder = Directory.CreateTempSubdirectory("cpchain-samples-").FullName;
        try
        {
            using LocalAccount alice = KeepAccount(Path.Combine(folder, "alice.json"), output);
            using AccountSender sender = new(client, funded);
            await SendAsync(client, sender, alice, output);
            SampleToken token = await DeployAsync(client, sender, alice, output);
            await RefuseAsync(client, token, alice, funded.Address, output);
            await ListenAsync(token, sender, alice, output);
            await VerifyAsync(client, token, alice, output);
            Sign(alice, chainId, token, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static LocalAccount KeepAccount(string path, TextWriter output)
    {
        // doc: account
        LocalAccount alice = LocalAccount.Create();
        alice.Save(path, "correct horse battery staple");
        using LocalAccount again = LocalAccount.Open(path, "correct horse battery staple");
        output.WriteLine($"alice is {alice}, and so is {again}");
        // end
        return alice;
    }

    private static async Task SendAsync(ChainClient client, AccountSender sender, LocalAccount alice, TextWriter output)
    {
        // doc: send
        PendingTransaction sent = await sender.TransferAsync(alice.Address, Coins.Cpc(1.5m));
        ReceiptInfo receipt = await sent.WaitAsync();
        UInt256 balance = await client.GetBalanceAsync(alice.Address);
        output.WriteLine($"final in block {receipt.BlockNumber}: alice has {Coins.Show(balance)}");
        // end

        // doc: many
        ReceiptInfo[] receipts = await Task.WhenAll(Enumerable.Range(0, 10)
            .Select(_ => sender.TransferAsync(alice.Address, Coins.Cpc(0.1m)).AndWaitAsync()));
        output.WriteLine($"ten more in {receipts.Select(r => r.BlockNumber).Distinct().Count()} block(s)");
        // end
    }

    private static async Task<SampleToken> DeployAsync(
        ChainClient client, AccountSender sender, LocalAccount alice, TextWriter output)
    {
        // doc: deploy
        SampleToken token = await SampleToken.DeployAsync(sender, "Sample", "SMP", Coins.Of(1_000_000m, 18)).AndWaitAsync();
        output.WriteLine($"{await token.NameAsync()} is at {token.Address}");
        // end

        // doc: call
        SampleToken known = new(client, token.Address);
        ReceiptInfo receipt = await known.TransferAsync(sender, alice.Address, Coins.Of(25m, 18)).AndWaitAsync();
        foreach (EventLog<SampleToken.TransferEvent> moved in known.TransferEvents.In(receipt))
            output.WriteLine($"{moved.Event.Value} units went to {moved.Event.To}");
        UInt256 units = await known.BalanceOfAsync(alice.Address);
        output.WriteLine($"alice has {Coins.Show(units, await known.DecimalsAsync())} SMP");
        // end
        return token;
    }

    private static async Task RefuseAsync(
        ChainClient client, SampleToken token, LocalAccount alice, Address to, TextWriter output)
    {
        // doc: refuse
        using AccountSender poor = new(client, alice);
        try
        {
            await token.TransferAsync(poor, to, Coins.Of(26m, 18)).AndWaitAsync();
        }
        catch (ContractRefusalException refusal) when (refusal.Error is SampleToken.InsufficientBalanceError error)
        {
            output.WriteLine($"refused, nothing sent: {error.Needed} are needed, there are {error.Balance}");
        }
        // end
    }

    private static async Task ListenAsync(SampleToken token, AccountSender sender, LocalAccount alice, TextWriter output)
    {
        using CancellationTokenSource stop = new();
        // doc: listen
        await token.TransferAsync(sender, alice.Address, 1UL).AndWaitAsync();
        LogPosition next = 0;
        SampleToken.TransferFilter toAlice = new() { To = alice.Address };
        await foreach (EventLog<SampleToken.TransferEvent> moved in token.TransferEvents.FollowAsync(next, toAlice, stop.Token))
        {
            output.WriteLine($"at {moved.Position}: {moved.Event.From} sent {moved.Event.Value}");
            next = moved.Position.Next; // Keep it where your results are: a restart goes on here.
            if (moved.Event.Value == 1UL) break;
        }
        // end
    }

    private static async Task VerifyAsync(ChainClient client, SampleToken token, LocalAccount alice, TextWriter output)
    {
        // doc: verify
        ChainTrust trust = await ChainTrust.PinAsync(client);
        VerifyingClient verifying = new(client, trust);
        ProvenAccount account = await verifying.GetAccountAsync(alice.Address);
        output.WriteLine($"{trust.Validators.Length} validators vouch for {Coins.Show(account.Account.Balance)} at block {account.Header.Number}");
        IReadOnlyList<EventLog<SampleToken.TransferEvent>> all = await token.TransferEvents.GetAsync();
        ProvenTransaction proven = (await verifying.GetTransactionAsync(all[0].Log.TransactionHash))!;
        output.WriteLine($"the first transfer is proven: {proven.Receipt.Success}, {proven.Receipt.Logs.Length} event(s)");
        // end
    }

    private static void Sign(LocalAccount alice, ulong chainId, SampleToken token, TextWriter output)
    {
        // doc: sign
        byte[] signature = alice.SignMessage("I am alice");
        bool isAlice = SignedMessage.TryRecover("I am alice", signature, out Address signer) && signer == alice.Address;
        TypedData order = TypedData.Parse($$"""
            {
              "types": { "Order": [ { "name": "item", "type": "string" }, { "name": "amount", "type": "uint256" } ] },
              "primaryType": "Order",
              "domain": { "name": "Shop", "version": "1", "chainId": {{chainId}}, "verifyingContract": "{{token.Address}}" },
              "message": { "item": "tea", "amount": "2" }
            }
            """);
        output.WriteLine($"signed by alice: {isAlice}; an order too: {Hex.Encode(alice.SignTypedData(order))}");
        // end
    }
}
