using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using CPChain.Crypto;
using CPChain.Pre.Capsules;
using CPChain.Pre.Fragments;
using CPChain.Pre.Grants;
using CPChain.Pre.Keys;
using CPChain.Types;

namespace CPChain.Pre.Tests;

/// <summary>
/// fixtures/pre/version-1.json was written by the first version of the formats: it must open for ever, and the same
/// entropy must give the same bytes. All its keys are for this test alone.
/// </summary>
public sealed class VersionOneTests
{
    private static readonly string[] Names =
        ["ownerMaster", "buyer", "payload", "capsule", "wrapped", "grant", "keyFragment0", "capsuleFragment0", "keyFragment2", "capsuleFragment2"];

    private static readonly Address[] Proxies = [.. Enumerable.Range(1, 3).Select(i => Address.FromUInt256((UInt256)i))];

    private static readonly GrantTerms Terms = new("version/1", 7, 9, 1000, 2000, Hash256.FromUInt256(99U), 12345U);

    private static string FixturePath()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CPChain.slnx"))) folder = folder.Parent;
        return Path.Combine(folder!.FullName, "fixtures", "pre", "version-1.json");
    }

    private static Dictionary<string, byte[]> Fixture()
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(FixturePath()));
        return Names.ToDictionary(name => name, name => Hex.Decode(file.RootElement.GetProperty(name).GetString()));
    }

    [Fact]
    public void What_version_1_wrote_opens()
    {
        Dictionary<string, byte[]> fixture = Fixture();
        using OwnerMasterKey master = OwnerMasterKey.FromBytes(fixture["ownerMaster"]);
        using OwnerKey owner = master.Derive(Terms.Label);
        Assert.True(BuyerKey.TryFromBytes(fixture["buyer"], out BuyerKey? buyer));
        Assert.True(Capsule.TryDecode(fixture["capsule"], out Capsule? capsule, out _));
        using KemKey ownersKey = capsule.Open(owner)!;
        Assert.True(KeyWrap.TryOpen(ownersKey, fixture["wrapped"], "manifest"u8, out byte[] payload, out _));
        Assert.Equal(fixture["payload"], payload);

        Assert.True(Grant.TryDecode(fixture["grant"], out Grant? grant, out _));
        var expected = new GrantExpectation(grant.Signer, owner.PublicKey, Terms, new ProxySet([.. Proxies], 2));
        Assert.Equal(GrantFault.None, VerifiedGrant.Verify(grant, buyer, expected, out VerifiedGrant? verified));
        var fragments = new List<VerifiedFragment>();
        foreach (int i in new[] { 0, 2 })
        {
            Assert.True(KeyFragment.TryDecode(fixture[$"keyFragment{i}"], out KeyFragment? key, out _));
            Assert.Equal(FragmentFault.None, key.Check(Proxies[i]));
            Assert.True(CapsuleFragment.TryDecode(fixture[$"capsuleFragment{i}"], out CapsuleFragment? sent, out _));
            Assert.Equal(
                FragmentFault.None, VerifiedFragment.Verify(sent, capsule, verified!, Proxies[i], out VerifiedFragment? good));
            fragments.Add(good!);
        }

        Assert.True(Opening.Combine(fragments)!.SameAs(ownersKey));
    }

    [Fact]
    public void The_same_entropy_gives_the_bytes_of_version_1() => Assert.Equal(Fixture(), Produce());

    private static Dictionary<string, byte[]> Produce()
    {
        EntropySource entropy = Counted();
        byte[] masterSecret = new byte[32];
        using OwnerMasterKey master = OwnerMasterKey.Generate(entropy);
        master.CopyTo(masterSecret);
        using OwnerKey owner = master.Derive(Terms.Label);
        using PrivateKey signer = PrivateKey.Generate(entropy);
        using BuyerKey buyer = BuyerKey.Generate(entropy);
        byte[] buyerSecret = new byte[32];
        buyer.CopyTo(buyerSecret);
        (Capsule capsule, KemKey key) = Capsule.Encapsulate(owner.PublicKey, entropy);
        byte[] payload = [1, 2, 3, 4];
        byte[] wrapped = KeyWrap.Seal(key, payload, "manifest"u8, entropy);
        using GrantResult result = Granting.Create(
            owner, signer, buyer.PublicKey, Terms, new ProxySet([.. Proxies], 2), entropy);
        result.Fragments[0].ReEncrypt(capsule, 1500, entropy, out CapsuleFragment? first);
        result.Fragments[2].ReEncrypt(capsule, 1500, entropy, out CapsuleFragment? third);
        byte[][] values =
        [
            masterSecret, buyerSecret, payload, capsule.Encode(), wrapped, result.Grant.Encode(),
            result.Fragments[0].Encode(), first!.Encode(), result.Fragments[2].Encode(), third!.Encode(),
        ];
        return Names.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>SHA-256 of 0, 1, 2 ...: anything but unpredictable, and the same for ever.</summary>
    private static EntropySource Counted()
    {
        ulong counter = 0;
        return destination =>
        {
            Span<byte> input = stackalloc byte[8];
            Span<byte> block = stackalloc byte[32];
            for (; !destination.IsEmpty; destination = destination[Math.Min(32, destination.Length)..])
            {
                BinaryPrimitives.WriteUInt64BigEndian(input, counter++);
                SHA256.HashData(input, block);
                block[..Math.Min(32, destination.Length)].CopyTo(destination);
            }
        };
    }
}
