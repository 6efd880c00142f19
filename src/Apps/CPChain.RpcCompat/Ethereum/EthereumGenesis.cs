using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Types;

namespace CPChain.RpcCompat.Ethereum;

/// <summary>Block 0 of Ethereum from the JSON that its clients read.</summary>
internal static class EthereumGenesis
{
    /// <summary>The block, and the state after it.</summary>
    /// <exception cref="FormatException">The genesis cannot be read.</exception>
    public static (EthereumBlock Block, EthereumState State) Read(
        JsonElement genesis, ForkSchedule forks, Func<ulong, Hash256> hashOf)
    {
        EthereumState empty = EthereumState.Empty(hashOf);
        EthereumState state = empty.With(StateRootCalculator.Apply(empty, ChangesOf(genesis.GetProperty("alloc"))));
        UInt256 difficulty = Word(genesis, "difficulty");
        ulong timestamp = (ulong)Word(genesis, "timestamp");
        EthereumFork fork = forks.At(0, timestamp, !difficulty.IsZero);
        EthereumHeader header = new()
        {
            ParentHash = Hash256.Zero,
            UnclesHash = EthereumHeader.NoUncles,
            Coinbase = Address.FromUInt256(Word(genesis, "coinbase")),
            StateRoot = state.StateRoot,
            TransactionsRoot = Account.EmptyTrieRoot,
            ReceiptsRoot = Account.EmptyTrieRoot,
            LogsBloom = Bloom.Empty,
            Difficulty = difficulty,
            Number = 0,
            GasLimit = (ulong)Word(genesis, "gasLimit"),
            GasUsed = 0,
            Timestamp = timestamp,
            Extra = Hex.Decode(genesis.GetProperty("extraData").GetString()),
            MixHash = Hash256.FromUInt256(Word(genesis, "mixHash")),
            Nonce = (ulong)Word(genesis, "nonce"),
            BaseFee = fork.Evm.HasBaseFee ? WordOrNull(genesis, "baseFeePerGas") ?? EthereumRun.FirstBaseFee : null,
            WithdrawalsRoot = fork.HasWithdrawals ? Account.EmptyTrieRoot : null,
            BlobGasUsed = fork.Blobs is null ? null : 0,
            ExcessBlobGas = fork.Blobs is null ? null : (ulong)(WordOrNull(genesis, "excessBlobGas") ?? UInt256.Zero),
            ParentBeaconRoot = fork.Blobs is null ? null : Hash256.Zero,
            RequestsHash = fork.HasRequests ? SystemCalls.HashOf([]) : null,
        };
        return (EthereumBlock.Plain(header, []), state);
    }

    private static StateChanges ChangesOf(JsonElement alloc)
    {
        ImmutableArray<AccountChange>.Builder accounts = ImmutableArray.CreateBuilder<AccountChange>();
        ImmutableArray<StorageChange>.Builder storage = ImmutableArray.CreateBuilder<StorageChange>();
        Dictionary<Hash256, ReadOnlyMemory<byte>> codes = [];
        foreach (JsonProperty entry in alloc.EnumerateObject())
        {
            Address address = Address.FromUInt256(Word(entry.Name));
            byte[] code = entry.Value.TryGetProperty("code", out JsonElement text) ? Hex.Decode(text.GetString()) : [];
            Hash256 codeHash = code.Length == 0 ? Account.EmptyCodeHash : Keccak256.Hash(code);
            if (code.Length > 0) codes[codeHash] = code;
            accounts.Add(new AccountChange(address, new Account(
                (ulong)(WordOrNull(entry.Value, "nonce") ?? UInt256.Zero), Word(entry.Value, "balance"), codeHash,
                Account.EmptyTrieRoot)));
            if (!entry.Value.TryGetProperty("storage", out JsonElement slots)) continue;
            foreach (JsonProperty slot in slots.EnumerateObject())
                storage.Add(new StorageChange(address, Word(slot.Name), Word(slot.Value.GetString()!)));
        }
        return new StateChanges(
            [.. accounts.OrderBy(static account => account.Address)],
            [.. storage.OrderBy(static slot => slot.Address).ThenBy(static slot => slot.Slot)],
            [], [.. codes.Select(static code => new CodeChange(code.Key, code.Value))]);
    }

    private static UInt256 Word(JsonElement parent, string name) => Word(parent.GetProperty(name).GetString()!);

    private static UInt256? WordOrNull(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? Word(value.GetString()!)
            : null;

    private static UInt256 Word(string text)
    {
        string digits = text.StartsWith("0x", StringComparison.Ordinal) ? text : "0x" + text;
        return UInt256.TryParse(digits, out UInt256 word) ? word : throw new FormatException($"{text} is no number of the genesis");
    }
}
