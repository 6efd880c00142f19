using CPChain.Crypto;
using CPChain.Types;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Network.Tests;

public sealed class HelloTests
{
    private static readonly Hello Sample = new(
        PeerRole.Proposer,
        337,
        Keccak256.Hash("genesis"u8),
        Address.Parse("0x00112233445566778899aabbccddeeff00112233"),
        0x0102030405060708,
        Keccak256.Hash("nonce"u8),
        "127.0.0.1:30303");

    [Fact]
    public void W2_the_hello_of_version_1_opens_for_ever()
    {
        byte[] fixture = Hex.Decode("0x" + Fixtures.Read("wire/hello-v1.hex").Trim());

        Assert.True(Hello.TryDecode(fixture, out Hello? hello));
        Assert.Equal(Sample, hello);
        Assert.Equal(fixture, Sample.Encode());
    }

    [Fact]
    public void W2_every_truncation_and_every_extension_is_refused()
    {
        byte[] bytes = Sample.Encode();
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(Hello.TryDecode(bytes.AsSpan(0, length), out _));
        }
        Assert.False(Hello.TryDecode([.. bytes, 0], out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(255)]
    public void W2_another_version_is_recognised_and_not_read(byte version)
    {
        byte[] bytes = Sample.Encode();
        bytes[4] = version;

        Assert.True(Hello.TryReadVersion(bytes, out byte read));
        Assert.Equal(version, read);
        Assert.False(Hello.TryDecode(bytes, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void W2_an_unknown_role_is_refused(byte role)
    {
        byte[] bytes = Sample.Encode();
        bytes[5] = role;
        Assert.False(Hello.TryDecode(bytes, out _));
    }

    [Fact]
    public void W2_any_bytes_decode_to_nothing_or_to_themselves() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        noise =>
        {
            byte[] bytes = Sample.Encode();
            for (int at = 0; at < noise.Length && at < bytes.Length; at++)
            {
                bytes[(at * 7) % bytes.Length] ^= noise[at];
            }
            return !Hello.TryDecode(bytes, out Hello? hello) || hello!.Encode().AsSpan().SequenceEqual(bytes);
        }).QuickCheckThrowOnFailure();
}

internal static class Fixtures
{
    public static string Read(string path)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "CPChain.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }
        return File.ReadAllText(Path.Combine(folder!, "fixtures", path));
    }
}
