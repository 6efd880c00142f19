namespace CPChain.Rpc.Protocol;

/// <summary>The methods by name.</summary>
internal sealed class MethodTable
{
    private readonly Dictionary<string, Func<RpcArguments, ValueTask<RpcAnswer>>> _methods = new(StringComparer.Ordinal);

    public void Add(string name, Func<RpcArguments, RpcAnswer> method) => _methods.Add(name, a => ValueTask.FromResult(method(a)));

    public void AddAsync(string name, Func<RpcArguments, ValueTask<RpcAnswer>> method) => _methods.Add(name, method);

    public bool TryFind(string name, out Func<RpcArguments, ValueTask<RpcAnswer>> method) => _methods.TryGetValue(name, out method!);

    /// <summary>All names, in order.</summary>
    public IReadOnlyList<string> Names => [.. _methods.Keys.Order(StringComparer.Ordinal)];
}
