using CPChain.Crypto;
using CPChain.Data.Keys;
using CPChain.Data.Manifests;
using CPChain.Pdash.Buying;
using CPChain.Rpc.Tests.Chain;
using CPChain.Types;

namespace CPChain.Pdash.Tests;

/// <summary>What a buyer keeps of his purchases (rule D9.4).</summary>
public sealed class PurchaseStoreTests : IDisposable
{
    private const ulong Order = 7;
    private readonly string _root = Directory.CreateTempSubdirectory("cpchain-purchases-").FullName;
    private readonly KeyRecord _terms = FixtureTests.Terms();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void D9_4_a_purchase_opens_again_for_its_identity_though_the_terms_have_expired()
    {
        using KeyBundle keys = Keys();
        Address[] proxies = [InstantChain.Key(2).Address, InstantChain.Key(3).Address];
        using (PurchaseStore store = new(_root, InstantChain.Key(1))) store.Put(Order, new KeptPurchase(keys, _terms, proxies));
        Assert.Equal(ManifestFault.Expired, KeyRecord.TryDecode(_terms.Encode(), long.MaxValue, out _));

        using PurchaseStore again = new(_root, InstantChain.Key(1));
        KeptPurchase kept = again.Get(Order)!;
        using (kept.Keys) Assert.Equal(keys.Encode(), kept.Keys.Encode());
        Assert.Equal(_terms.Encode(), kept.Terms.Encode());
        Assert.Equal(proxies, kept.Proxies);
        Assert.Null(again.Get(Order + 1));
    }

    [Fact]
    public void D9_4_a_purchase_is_sealed_to_identity_and_order_and_shows_no_key()
    {
        using KeyBundle keys = Keys();
        using PurchaseStore store = new(_root, InstantChain.Key(1));
        store.Put(Order, new KeptPurchase(keys, _terms, []));
        byte[] file = File.ReadAllBytes(store.PathOf(Order));
        Assert.Equal(-1, file.AsSpan().IndexOf(keys.Encode().AsSpan(^SymmetricKey.Length..)));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(store.PathOf(Order)));

        using PurchaseStore thief = new(_root, InstantChain.Key(2));
        Assert.Throws<InvalidDataException>(() => thief.Get(Order));
        File.Move(store.PathOf(Order), store.PathOf(Order + 1));
        Assert.Throws<InvalidDataException>(() => store.Get(Order + 1));
    }

    [Fact]
    public void D9_4_an_unknown_version_is_refused_by_number_and_a_cut_or_longer_content_too()
    {
        using KeyBundle keys = Keys();
        byte[] good = PurchaseStore.Encode(Order, new KeptPurchase(keys, _terms, [InstantChain.Key(2).Address]));
        byte[] newer = [2, .. good.AsSpan(1)];
        Assert.Contains("version 2", Refusal(newer).Message, StringComparison.Ordinal);
        for (int length = 0; length < good.Length; length += 7) Refusal(good[..length]);
        Refusal([.. good, 0]);
        Refusal([.. good.AsSpan(0, 8), 8, .. good.AsSpan(9)]);
    }

    [Fact]
    public void Version_1_of_a_kept_purchase_still_opens()
    {
        using PurchaseStore store = new(_root, InstantChain.Key(1));
        File.WriteAllBytes(store.PathOf(Order), File.ReadAllBytes(FixtureTests.PathOf("purchase-v1.bin")));
        KeptPurchase kept = store.Get(Order)!;
        using KeyBundle keys = Keys();
        using (kept.Keys) Assert.Equal(keys.Encode(), kept.Keys.Encode());
        Assert.Equal(_terms.ContentId(), kept.Terms.ContentId());
        Assert.Equal([InstantChain.Key(2).Address], kept.Proxies);
    }

    private InvalidDataException Refusal(byte[] content)
    {
        PrivateKey identity = InstantChain.Key(1);
        using PurchaseStore store = new(_root, identity);
        using SealedFile file = new(identity);
        file.Write(store.PathOf(Order), $"purchase of order {Order}", content);
        return Assert.Throws<InvalidDataException>(() => store.Get(Order));
    }

    private static KeyBundle Keys()
    {
        using SymmetricKey seed = new(Enumerable.Range(1, SymmetricKey.Length).Select(i => (byte)i).ToArray());
        return KeyBundle.Cut(seed, 3, 9);
    }
}
