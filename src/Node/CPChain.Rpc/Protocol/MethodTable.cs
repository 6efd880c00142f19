using CPChain.Rpc.Discovery;

namespace CPChain.Rpc.Protocol;

/// <summary>The methods by name, each with its description: one that nobody described cannot be added.</summary>
internal sealed class MethodTable
{
    private readonly Dictionary<string, (MethodDescription Description, Func<RpcArguments, ValueTask<RpcAnswer>> Run)> _methods =
        new(StringComparer.Ordinal);

    public void Add(string name, Func<RpcArguments, RpcAnswer> method) => AddAsync(name, a => ValueTask.FromResult(method(a)));

    public void AddAsync(string name, Func<RpcArguments, ValueTask<RpcAnswer>> method) =>
        _methods.Add(name, (MethodCatalogue.Of(name), method));

    public bool TryFind(string name, out Func<RpcArguments, ValueTask<RpcAnswer>> method)
    {
        bool isKnown = _methods.TryGetValue(name, out (MethodDescription, Func<RpcArguments, ValueTask<RpcAnswer>> Run) found);
        method = found.Run;
        return isKnown;
    }

    /// <summary>All names, in order.</summary>
    public IReadOnlyList<string> Names => [.. _methods.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What a method takes and gives.</summary>
    public MethodDescription DescriptionOf(string name) => _methods[name].Description;
}
