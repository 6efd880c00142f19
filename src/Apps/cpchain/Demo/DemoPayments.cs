using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.App.Demo;

/// <summary>Who was paid what, as the chain's events say.</summary>
public static class DemoPayments
{
    /// <summary>The sum that each proxy has withdrawn.</summary>
    public static async Task<IReadOnlyList<ProxyPayment>> OfProxiesAsync(DemoScene scene, CancellationToken cancel)
    {
        MarketContract market = new(scene.Client);
        List<ProxyPayment> payments = [];
        foreach (Address proxy in scene.Proxies)
        {
            IReadOnlyList<ContractEvent> withdrawn = await market.Contract.GetEventsAsync(
                "Withdrawn", BlockTag.Earliest, BlockTag.Latest, [("from", proxy)], cancel);
            UInt256 sum = withdrawn.Aggregate(UInt256.Zero, (total, one) => total + one.Value<UInt256>("amount"));
            payments.Add(new ProxyPayment(proxy.ToString(), sum.ToString()));
        }

        return payments;
    }
}
