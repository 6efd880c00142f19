using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Chain;

/// <summary>
/// What a chain starts from and by which rules it runs (rule C14). Two genesis values with the same block 0 hash are
/// the same chain: the state root covers the accounts, the extra field of block 0 covers everything else.
/// </summary>
public sealed record Genesis
{
    /// <summary>The version of the JSON that this code reads and prints.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Name of the network, 1 to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Chain id of EIP-155; at least 1.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>Time of block 0, Unix milliseconds.</summary>
    public required ulong TimestampMs { get; init; }

    /// <summary>The times of L1.</summary>
    public required ConsensusTimes Times { get; init; }

    /// <summary>Gas limit of every block.</summary>
    public required ulong GasLimit { get; init; }

    /// <summary>Base fee of block 0, base units.</summary>
    public required UInt256 BaseFeePerGas { get; init; }

    /// <summary>Under this the base fee never falls, base units.</summary>
    public required UInt256 BaseFeeFloor { get; init; }

    /// <summary>Bounds of a block.</summary>
    public required BlockLimits Limits { get; init; }

    /// <summary>Validators and proposers by number.</summary>
    public required CommitteeSchedule Schedule { get; init; }

    /// <summary>Elections and economy; null where proposers take turns by the schedule alone (C10.2).</summary>
    public DporGenesis? Dpor { get; init; }

    /// <summary>The first accounts, by rising address.</summary>
    public required ImmutableArray<GenesisAccount> Alloc { get; init; }

    /// <summary>keccak256 of the RLP of everything but the accounts.</summary>
    public Hash256 RulesHash()
    {
        RlpWriter writer = new();
        writer.BeginList();
        writer.WriteUlong(CurrentVersion);
        writer.WriteBytes(Encoding.UTF8.GetBytes(Name));
        writer.WriteUlong(ChainId);
        writer.WriteUlong(TimestampMs);
        writer.WriteUlong(GasLimit);
        writer.WriteUInt256(BaseFeePerGas);
        writer.WriteUInt256(BaseFeeFloor);
        writer.BeginList();
        foreach (ulong value in (ulong[])
            [
                Times.PeriodMs, Times.TimeoutMs, Times.BlockDelayMs, Times.DriftMs, Times.DelayMs, Times.ExecutionMs,
                Times.ResendMs, Times.RoundBaseMs, Times.RoundStepMs, Times.RoundMaxMs, Times.RoundWindow,
            ])
            writer.WriteUlong(value);
        writer.EndList();
        writer.BeginList();
        writer.WriteUlong((ulong)Limits.TransactionsMax);
        writer.WriteUlong(Limits.GasMax);
        writer.WriteUlong((ulong)Limits.BytesMax);
        writer.WriteUlong((ulong)Limits.TransactionBytesMax);
        writer.EndList();
        writer.BeginList();
        foreach (CommitteeEntry entry in Schedule.Entries)
        {
            writer.BeginList();
            writer.WriteUlong(entry.FromNumber);
            WriteAddresses(writer, entry.Validators);
            WriteAddresses(writer, entry.Proposers);
            writer.EndList();
        }
        writer.EndList();
        if (Dpor is { } dpor)
        {
            // Appended only where there are elections, so that chains without them keep their hash.
            DporEncoding.WriteTo(writer, dpor.Parameters);
            writer.WriteAddress(dpor.Foundation);
        }
        writer.EndList();
        return Keccak256.Hash(writer.WrittenSpan);
    }

    /// <summary>Block 0 over the state root of <see cref="Alloc"/>.</summary>
    public Block BlockOver(in Hash256 stateRoot, in Hash256 emptyTrieRoot) => new(
        new BlockHeader
        {
            StateRoot = stateRoot,
            TransactionsRoot = emptyTrieRoot,
            ReceiptsRoot = emptyTrieRoot,
            GasLimit = GasLimit,
            TimestampMs = TimestampMs,
            BaseFeePerGas = BaseFeePerGas,
            NextValidatorsHash = Schedule.ValidatorsHash(1),
            Extra = RulesHash().ToArray(),
        },
        null,
        []);

    /// <summary>Reads version 1 JSON; on a fault says which field and why. Never throws.</summary>
    public static bool TryParse(string json, [NotNullWhen(true)] out Genesis? genesis, out GenesisFault fault) =>
        GenesisJson.TryParse(json, out genesis, out fault);

    /// <summary>The canonical JSON: the same value always prints the same text.</summary>
    public string Print() => GenesisJson.Print(this);

    private static void WriteAddresses(RlpWriter writer, ImmutableArray<Address> addresses)
    {
        writer.BeginList();
        foreach (Address address in addresses)
            writer.WriteAddress(address);
        writer.EndList();
    }
}
