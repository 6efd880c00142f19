using System.Security.Cryptography;
using CPChain.Crypto;
using CPChain.Keystore;
using CPChain.Types;

#pragma warning disable CA1416 // File modes: the tests run where the program runs, on Linux.

namespace CPChain.Storage.Tests.Keystore;

public sealed class IdentityStoreTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly ScryptCost Cheap = new(2, 1, 1);
    private static readonly EntropySource Entropy = RandomNumberGenerator.Fill;

    private readonly string _root = Directory.CreateTempSubdirectory("cpchain-keystore-").FullName;

    private string Identity => Path.Combine(_root, "validator-1");

    private string Passphrase => Path.Combine(_root, "secrets", "passphrase");

    private string KeyPath => Path.Combine(Identity, IdentityStore.KeyFile);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private PrivateKey OpenOrCreate() => IdentityStore.OpenOrCreate(Identity, Passphrase, Entropy, Cheap);

    [Fact]
    public void A_new_identity_is_there_again_after_a_restart()
    {
        using PrivateKey first = OpenOrCreate();
        using PrivateKey second = OpenOrCreate();
        Assert.Equal(first.Address, second.Address);
        Assert.True(IdentityStore.TryReadAddress(Identity, out Address address));
        Assert.Equal(first.Address, address);
        Assert.False(IdentityStore.TryReadAddress(Path.Combine(_root, "nobody"), out _));
    }

    [Fact]
    public void Files_are_for_their_owner_alone_and_nothing_else_is_left()
    {
        OpenOrCreate().Dispose();
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(KeyPath));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Passphrase));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(Identity));
        Assert.Equal([KeyPath], Directory.GetFileSystemEntries(Identity));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_file_that_others_may_touch_is_refused_with_the_fix(UnixFileMode extra)
    {
        OpenOrCreate().Dispose();
        File.SetUnixFileMode(KeyPath, OwnerOnly | extra);
        Assert.Contains("chmod 600", Assert.Throws<KeystoreException>(OpenOrCreate).Message);
        File.SetUnixFileMode(KeyPath, OwnerOnly);
        File.SetUnixFileMode(Passphrase, OwnerOnly | extra);
        Assert.Contains("chmod 600", Assert.Throws<KeystoreException>(OpenOrCreate).Message);
    }

    [Fact]
    public void A_directory_that_others_may_change_is_refused_with_the_fix()
    {
        Directory.CreateDirectory(Identity);
        File.SetUnixFileMode(Identity, OwnerOnly | UnixFileMode.UserExecute | UnixFileMode.GroupWrite);
        Assert.Contains("chmod 700", Assert.Throws<KeystoreException>(OpenOrCreate).Message);
    }

    [Fact]
    public void Another_passphrase_does_not_open_and_the_message_holds_none()
    {
        OpenOrCreate().Dispose();
        string real = PassphraseFile.Read(Passphrase);
        string other = Path.Combine(_root, "other");
        PassphraseFile.OpenOrCreate(other, Entropy);
        KeystoreException refusal = Assert.Throws<KeystoreException>(() => IdentityStore.Open(Identity, other));
        Assert.Contains(other, refusal.Message);
        Assert.DoesNotContain(real, refusal.Message);
    }

    [Fact]
    public void A_missing_passphrase_file_for_an_existing_key_is_not_made_anew()
    {
        OpenOrCreate().Dispose();
        File.Delete(Passphrase);
        Assert.Throws<KeystoreException>(OpenOrCreate);
        Assert.False(File.Exists(Passphrase));
    }

    [Fact]
    public void An_imported_key_is_kept_and_never_overwritten()
    {
        using PrivateKey key = PrivateKey.Generate(Entropy);
        IdentityStore.Import(Identity, Passphrase, key, Entropy, Cheap);
        using PrivateKey read = OpenOrCreate();
        Assert.Equal(key.Address, read.Address);
        using PrivateKey another = PrivateKey.Generate(Entropy);
        Assert.ThrowsAny<IOException>(() => IdentityStore.Import(Identity, Passphrase, another, Entropy, Cheap));
        using PrivateKey still = OpenOrCreate();
        Assert.Equal(key.Address, still.Address);
    }

    [Fact]
    public void A_crash_before_the_rename_leaves_nothing_that_counts()
    {
        Directory.CreateDirectory(Identity, OwnerOnly | UnixFileMode.UserExecute);
        File.WriteAllText(KeyPath + ".new", "half a ke");
        using PrivateKey key = OpenOrCreate();
        using PrivateKey again = OpenOrCreate();
        Assert.Equal(key.Address, again.Address);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(KeyPath));
    }

    [Fact]
    public void Further_secrets_lie_in_files_of_their_own()
    {
        byte[] first = IdentityStore.OpenOrCreateSecret(Identity, "sharing", Passphrase, Entropy, Cheap);
        byte[] again = IdentityStore.OpenOrCreateSecret(Identity, "sharing", Passphrase, Entropy, Cheap);
        byte[] other = IdentityStore.OpenOrCreateSecret(Identity, "sharing-2", Passphrase, Entropy, Cheap);
        Assert.Equal(32, first.Length);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.Combine(Identity, "sharing.json")));
        Assert.Throws<InvariantViolation>(() => IdentityStore.OpenOrCreateSecret(Identity, "../x", Passphrase, Entropy, Cheap));
    }

    [Fact]
    public void A_damaged_file_is_named_and_kept()
    {
        OpenOrCreate().Dispose();
        File.WriteAllText(KeyPath, "{}");
        Assert.Contains(KeyPath, Assert.Throws<KeystoreException>(OpenOrCreate).Message);
        Assert.Equal("{}", File.ReadAllText(KeyPath));
    }
}
