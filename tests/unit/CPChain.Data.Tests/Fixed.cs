using CPChain.Crypto;
using CPChain.Data.Blocks;
using CPChain.Data.Csv;
using CPChain.Data.Keys;
using CPChain.Data.Manifests;
using CPChain.Types;

namespace CPChain.Data.Tests;

/// <summary>Fixed identities and streams for tests.</summary>
internal static class Fixed
{
    public static PrivateKey Owner { get; } = Key(1);

    public static PrivateKey Device { get; } = Key(2);

    public static SymmetricKey Master => new(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    public static Hash256 Stream { get; } = Hash256.FromBytes(Enumerable.Repeat((byte)7, 32).ToArray());

    public static PrivateKey Key(byte fill)
    {
        Assert.True(PrivateKey.TryFromBytes(Enumerable.Repeat(fill, 32).ToArray(), out PrivateKey? key));
        return key;
    }

    /// <summary>Stands for the re-encryption scheme, which another project tests: the bundle is not wrapped at all.</summary>
    public static KeyEnvelope Wrap(ulong first, ulong last, KeyBundle bundle) =>
        new(first, last, Hash256.Zero, Owner.PublicKey, [1, 2, 3], bundle.Encode());

    public static StreamShape Shape(StreamProfile profile) =>
        new(Stream, profile, "t,speed,rpm\r\n"u8.ToArray(), new CsvDialect((byte)',', false));

    public static byte[] Rows(int first, int count) => System.Text.Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Range(first, count).Select(i => $"{i}, {i % 90}.5,{800 + i * 37 % 2000}\r\n")));

    public static List<Upload> Uploads(StreamProfile profile, int blocks, IBlockCipher? cipher = null)
    {
        using SymmetricKey master = Master;
        UploadBuilder builder = new(Shape(profile), master, Owner.PublicKey, Device, cipher ?? AesGcmBlockCipher.Instance, 5);
        using KeyBundle epoch = builder.EpochKeys(0);
        List<Upload> uploads = [];
        for (int b = 0; b < blocks; b++)
        {
            builder.Add(new BlockRows(Rows(b * 50, 50), 50, b * 50_000, b * 50_000 + 49_000));
            if (!builder.IsFull && b < blocks - 1) continue;
            UnsignedUpload unsigned = builder.Close(Wrap(0, KeyTree.Intervals - 1, epoch));
            Assert.Null(builder.Complete(unsigned, Device.Sign(unsigned.Manifest.SigningHash())));
            uploads.Add(builder.Complete(unsigned, Owner.Sign(unsigned.Manifest.SigningHash()))!);
        }
        return uploads;
    }
}
