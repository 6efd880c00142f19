using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Dpor;
using CPChain.Execution;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods.Elections;

/// <summary>The state of a block as the rules of elections read it, for one request.</summary>
internal sealed class ElectionState
{
    public ElectionState(ElectedCommittees elections, StateLease lease)
    {
        StateWords words = new(lease.State);
        Dpor = elections.Dpor;
        Defaults = elections.Defaults;
        Header = lease.Header;
        View = new StoredView(words);
        Stored = new StoredElections(Parameters, Defaults, Header.Number, words);
    }

    public DporGenesis Dpor { get; }

    public DporParameters Parameters => Dpor.Parameters;

    public Terms Terms => Parameters.Terms;

    public ImmutableArray<Address> Defaults { get; }

    /// <summary>The block that the state is of.</summary>
    public BlockHeader Header { get; }

    public StoredView View { get; }

    public StoredElections Stored { get; }
}

/// <summary>How methods come by a state of elections.</summary>
internal static class ElectionRequests
{
    /// <summary>Answers from the state of a block; a fault where the chain has no elections or the state is not kept.</summary>
    public static RpcAnswer Read(this ChainReader chain, BlockSelector block, Func<ElectionState, RpcAnswer> answer)
    {
        if (chain.Rules.Elections is not { } elections) return RpcFault.NoElections;
        using StateLease lease = chain.StateOf(block);
        return lease.Fault is { } missing ? missing : answer(new ElectionState(elections, lease));
    }

    /// <summary>A number of blocks or terms that may be left out.</summary>
    public static ulong? OptionalQuantity(this RpcArguments a, int index) => a.Optional(index) is null ? null : a.Quantity(index);

    /// <summary>A term that may be left out.</summary>
    public static ulong? Term(this RpcArguments a, int index)
    {
        ulong? term = a.OptionalQuantity(index);
        if (term > Terms.Last) a.Fail(index, $"terms end at {Terms.Last}");
        return term;
    }

    /// <summary>Which part of a list is wanted: two arguments from <paramref name="index"/> on.</summary>
    public static Page Page(this RpcArguments a, int index)
    {
        ulong from = a.OptionalQuantity(index) ?? 0;
        ulong most = a.OptionalQuantity(index + 1) ?? Elections.Page.MostByDefault;
        if (most is 0 or > Elections.Page.MostMax) a.Fail(index + 1, $"1 to {Elections.Page.MostMax} entries can be asked for");
        return new Page((int)Math.Min(from, int.MaxValue), (int)Math.Min(most, int.MaxValue));
    }
}

/// <summary>A part of a list.</summary>
/// <param name="From">Place of its first entry, from 0.</param>
/// <param name="Most">Entries, at most.</param>
internal readonly record struct Page(int From, int Most)
{
    public const int MostByDefault = 100;

    public const int MostMax = 1_000;

    public IEnumerable<T> Of<T>(ImmutableArray<T> list) => list.Skip(From).Take(Most);
}
