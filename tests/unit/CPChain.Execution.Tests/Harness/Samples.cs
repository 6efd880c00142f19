using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Execution.Tests.Harness;

/// <summary>Fixed values with every optional part present; the fixtures of version 1 hold the same.</summary>
internal static class Samples
{
    private static readonly PrivateKey Alice = TestChain.Users[0];
    private static readonly PrivateKey Bob = TestChain.Users[1];

    public static LogEntry Log { get; } = new(
        Address.FromUInt256(0xc0deUL), [Hash256.FromUInt256(1UL), Hash256.FromUInt256(2UL)], new byte[] { 1, 2, 3 });

    public static Transaction Legacy { get; } = Transaction.Sign(
        UnsignedTransaction.Legacy(TestChain.ChainId, 0, 3UL * Units.Gwei, 21_000) with
        {
            To = Bob.Address,
            Value = Units.Cpc,
        },
        Alice);

    public static Transaction AccessList { get; } = Transaction.Sign(
        Legacy.Content with
        {
            Type = TxType.AccessList,
            Nonce = 1,
            GasLimit = 60_000,
            AccessList = [new AccessListEntry(Bob.Address, [UInt256.One, UInt256.MaxValue])],
        },
        Alice);

    public static Transaction FeeMarket { get; } = Transaction.Sign(
        UnsignedTransaction.FeeMarket(TestChain.ChainId, 2, 9UL * Units.Gwei, Units.Gwei, 100_000) with
        {
            Data = Hex.Decode("0x60015ff3"),
        },
        Alice);

    public static Transaction SetCode { get; } = Transaction.Sign(
        FeeMarket.Content with
        {
            Type = TxType.SetCode,
            Nonce = 3,
            To = Bob.Address,
            Authorizations =
            [
                Authorization.Sign(TestChain.ChainId, Address.FromUInt256(0xc0deUL), 0, Bob),
            ],
        },
        Alice);

    /// <summary>Block 7 of no chain in particular, with one transaction of each type.</summary>
    public static Block FullBlock()
    {
        PrivateKey proposer = TestChain.Proposers[0];
        BlockHeader header = new()
        {
            ParentHash = Keccak256.Hash("parent"u8),
            Coinbase = proposer.Address,
            StateRoot = Keccak256.Hash("state"u8),
            TransactionsRoot = Keccak256.Hash("transactions"u8),
            ReceiptsRoot = Keccak256.Hash("receipts"u8),
            LogsBloom = Bloom.Of([Log]),
            Number = 7,
            GasLimit = 30_000_000,
            GasUsed = 241_000,
            TimestampMs = 1_700_000_007_123,
            BaseFeePerGas = Units.Gwei,
            NextValidatorsHash = CommitteeSchedule.HashOf(
                [.. TestChain.Validators.Select(key => key.Address)]),
            Extra = "cpchain"u8.ToArray(),
        };
        Hash256 digest = SealDigest.Of(Keccak256.Hash("genesis"u8), TestChain.ChainId, 7, header.Hash);
        return new Block(header, proposer.Sign(digest), [Legacy, AccessList, FeeMarket, SetCode]);
    }
}
