using System.Collections.Immutable;
using System.Text;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>Events of the data contracts that are deeds of an account (D4.2): whose, by the topic that names it.</summary>
internal static class SystemEvents
{
    private static readonly Hash256 s_anchored = Signature("Anchored(bytes32,address,uint64,uint32,bytes32,uint64)");

    private static readonly Hash256 s_settled = Signature("Settled(uint64,address,address,uint128,uint64,uint64)");
    private static readonly Hash256 s_proxyRewarded = Signature("ProxyRewarded(uint64,address,address,uint128,uint64,uint64)");

    /// <summary>Sorts the deeds of a block's events, in their order.</summary>
    public static void Sort(
        IEnumerable<LogEntry> logs, ImmutableArray<Address>.Builder uploads, ImmutableArray<Address>.Builder sales,
        ImmutableArray<Address>.Builder receipts)
    {
        foreach (LogEntry log in logs)
        {
            // The account is the second indexed value of each of them.
            if (log.Topics.Length < 3)
                continue;
            if (log.Address == SystemContracts.DataRegistry && log.Topics[0] == s_anchored)
                uploads.Add(Address.FromUInt256(log.Topics[2].ToUInt256()));
            else if (log.Address == SystemContracts.Market && log.Topics[0] == s_settled)
                sales.Add(Address.FromUInt256(log.Topics[2].ToUInt256()));
            else if (log.Address == SystemContracts.Market && log.Topics[0] == s_proxyRewarded)
                receipts.Add(Address.FromUInt256(log.Topics[2].ToUInt256()));
        }
    }

    private static Hash256 Signature(string text) => Keccak256.Hash(Encoding.ASCII.GetBytes(text));
}
