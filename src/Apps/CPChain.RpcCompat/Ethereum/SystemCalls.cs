using System.Collections.Immutable;
using System.Security.Cryptography;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.RpcCompat.Ethereum;

/// <summary>What Ethereum's blocks do besides transactions since Cancun: calls of contracts by nobody.</summary>
internal static class SystemCalls
{
    private const ulong Gas = 30_000_000;

    private static readonly Address s_caller = Address.Parse("0xfffffffffffffffffffffffffffffffffffffffe");
    private static readonly Address s_beaconRoots = Address.Parse("0x000f3df6d732807ef1319fb7b8bb8522d0beac02");
    private static readonly Address s_history = Address.Parse("0x0000f90827f1c53a10cb7a02335b175320002935");
    private static readonly Address s_withdrawals = Address.Parse("0x00000961ef480eb55e80d19ad83579a64c007002");
    private static readonly Address s_consolidations = Address.Parse("0x0000bbddc7ce488642fb579f8b00f3a590007251");

    /// <summary>DepositEvent(bytes,bytes,bytes,bytes,bytes).</summary>
    private static readonly Hash256 s_deposit =
        Hash256.Parse("0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5");

    /// <summary>EIP-4788 and EIP-2935: beacon root and parent hash go into state.</summary>
    public static void Begin(EthereumFork fork, BlockContext block, in Hash256 parentHash, Hash256? beaconRoot, StateOverlay state)
    {
        if (beaconRoot is { } root) Call(fork, block, s_beaconRoots, root.ToArray(), state);
        if (fork.HasRequests) Call(fork, block, s_history, parentHash.ToArray(), state);
    }

    /// <summary>EIP-6110, EIP-7002 and EIP-7251: the requests of a block, each a type and its data.</summary>
    public static ImmutableArray<byte[]> Requests(
        EthereumFork fork, BlockContext block, IEnumerable<LogEntry> logs, Address depositContract, StateOverlay state)
    {
        if (!fork.HasRequests) return [];
        byte[] deposits = [.. logs
            .Where(log => log.Address == depositContract && !log.Topics.IsEmpty && log.Topics[0] == s_deposit)
            .SelectMany(log => DepositOf(log.Data.Span))];
        return
        [
            [0, .. deposits],
            [1, .. Call(fork, block, s_withdrawals, default, state).Span],
            [2, .. Call(fork, block, s_consolidations, default, state).Span],
        ];
    }

    /// <summary>EIP-7685: SHA-256 over the SHA-256 of each request that says anything.</summary>
    public static Hash256 HashOf(ImmutableArray<byte[]> requests) => Hash256.FromBytes(SHA256.HashData(
        requests.Where(static request => request.Length > 1).SelectMany(static request => SHA256.HashData(request)).ToArray()));

    private static ReadOnlyMemory<byte> Call(
        EthereumFork fork, BlockContext block, in Address contract, ReadOnlyMemory<byte> input, StateOverlay state)
    {
        if (state.GetCodeOf(contract).IsEmpty) return default;
        state.BeginTransaction();
        state.WarmAccount(contract);
        EvmResult result = new EvmMachine(fork.Evm).Execute(
            EvmMessage.Call(s_caller, contract, UInt256.Zero, input, Gas), state, block, new TxContext(s_caller, UInt256.Zero));
        state.EndTransaction();
        return result.IsSuccess ? result.Output : default;
    }

    // The event's five fields lie at fixed places: offsets, then each with its length before it.
    private static byte[] DepositOf(ReadOnlySpan<byte> data)
    {
        if (data.Length != 576) throw new FormatException("a deposit event has not the length of one");
        return
        [
            .. data.Slice(192, 48), .. data.Slice(288, 32), .. data.Slice(352, 8), .. data.Slice(416, 96), .. data.Slice(544, 8),
        ];
    }
}
