using System.IO;
using CPChain.Crypto;

namespace CPChain.Pdash.Proxies;

/// <summary>The fragments and grants that a proxy holds, sealed on its disk.</summary>
internal sealed class FragmentStore : IDisposable
{
    private readonly string _directory;
    private readonly SealedFile _sealed;

    public FragmentStore(string directory, PrivateKey identity)
    {
        _directory = directory;
        _sealed = new SealedFile(identity);
        PrivateFiles.CreateDirectory(directory);
    }

    /// <summary>Keeps the fragment of an order; a later one for the same order replaces it until the order is granted.</summary>
    public void Put(ulong orderId, byte[] fragment, byte[] grant)
    {
        PrivateFiles.Write(PathOf(orderId, "grant"), grant);
        _sealed.Write(PathOf(orderId, "fragment"), Purpose(orderId), fragment);
    }

    /// <summary>The fragment, which the caller wipes, and its grant; null when there is none.</summary>
    public (byte[] Fragment, byte[] Grant)? Get(ulong orderId) =>
        _sealed.Read(PathOf(orderId, "fragment"), Purpose(orderId)) is { } fragment ? (fragment, File.ReadAllBytes(PathOf(orderId, "grant"))) : null;

    /// <summary>Keeps the answer that an order's receipt on the chain stands for.</summary>
    public void PutReply(ulong orderId, byte[] reply) => PrivateFiles.Write(PathOf(orderId, "reply"), reply);

    /// <summary>The answer that was made for an order; null when there is none.</summary>
    public byte[]? GetReply(ulong orderId) =>
        File.Exists(PathOf(orderId, "reply")) ? File.ReadAllBytes(PathOf(orderId, "reply")) : null;

    public void Dispose() => _sealed.Dispose();

    private string PathOf(ulong orderId, string kind) => Path.Combine(_directory, $"order-{orderId}.{kind}");

    private static string Purpose(ulong orderId) => $"fragment of order {orderId}";
}
