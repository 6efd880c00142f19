using System.IO;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Pdash.Proxies;

/// <summary>The fragments and grants that a proxy holds, sealed on its disk.</summary>
internal sealed class FragmentStore : IDisposable
{
    /// <summary>Answers kept for one order: the listing has one capsule, the rest is room for a buyer's mistakes.</summary>
    public const int RepliesMax = 4;

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

    /// <summary>Keeps the answer to a capsule of an order; false when the order has had <see cref="RepliesMax"/> others.</summary>
    public bool TryPutReply(ulong orderId, in Hash256 capsule, byte[] reply)
    {
        if (Directory.EnumerateFiles(_directory, $"order-{orderId}.*.reply").Count() >= RepliesMax) return false;
        PrivateFiles.Write(ReplyPathOf(orderId, capsule), reply);
        return true;
    }

    /// <summary>The answer that was made to a capsule of an order; null when there is none.</summary>
    public byte[]? GetReply(ulong orderId, in Hash256 capsule)
    {
        string path = ReplyPathOf(orderId, capsule);
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    public void Dispose() => _sealed.Dispose();

    private string ReplyPathOf(ulong orderId, in Hash256 capsule) => PathOf(orderId, $"{capsule.ToString()[2..]}.reply");

    private string PathOf(ulong orderId, string kind) => Path.Combine(_directory, $"order-{orderId}.{kind}");

    private static string Purpose(ulong orderId) => $"fragment of order {orderId}";
}
