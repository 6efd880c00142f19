using CPChain.Consensus.Signing;
using CPChain.Crypto;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Votes;
using CPChain.Storage;
using CPChain.Storage.Disks;
using CPChain.Types;

namespace CPChain.Consensus.Tests;

public sealed class SignerTests : IDisposable
{
    private static readonly ChainDomain Domain = new(Keccak256.Hash("genesis"u8), 1);
    private static readonly Hash256 A = Keccak256.Hash("a"u8);
    private static readonly Hash256 B = Keccak256.Hash("b"u8);

    private readonly string directory = Directory.CreateTempSubdirectory("cpchain-signer-").FullName;
    private readonly PrivateKey key = PrivateKey.Generate(System.Security.Cryptography.RandomNumberGenerator.Fill);

    [Fact]
    public void L17_a_second_vote_is_refused_after_any_number_of_restarts()
    {
        for (int life = 0; life < 3; life++)
        {
            using StatementSigner signer = Open();
            Assert.Equal(SigningFault.None, signer.Admit(Prepare(5, A)));
            Assert.Equal(SigningFault.AnotherVote, signer.Admit(Prepare(5, B)));
            Assert.Equal(SigningFault.LowerHeight, signer.Admit(Prepare(4, A)));
        }
    }

    [Fact]
    public async Task J5_a_first_vote_is_not_on_record_before_the_journal_knows_of_it()
    {
        using (StatementSigner signer = Open())
        {
            await Assert.ThrowsAsync<StorageFailure>(() => signer.AdmitAsync(
                Prepare(5, A), static () => throw new StorageFailure(StorageFault.Io, "journal", "the power is gone")));
        }
        using (SignerFile file = SignerFile.Open(FileSystemDisk.Instance, PathOfFile))
        {
            Assert.True(file.IsNew);
        }

        int flushes = 0;
        using StatementSigner again = Open();
        Assert.Equal(SigningFault.None, await again.AdmitAsync(Prepare(5, A), () => flushes++));
        Assert.True(flushes > 0);
        Assert.Equal(SigningFault.AnotherVote, await again.AdmitAsync(Prepare(5, B), () => flushes++));
    }

    [Fact]
    public void L17_the_same_statement_gets_the_same_signature()
    {
        SignedStatement first;
        using (StatementSigner signer = Open())
        {
            signer.Admit(Prepare(5, A));
            first = signer.Sign(Prepare(5, A));
        }
        using StatementSigner again = Open();
        Assert.Equal(SigningFault.None, again.Admit(Prepare(5, A)));
        Assert.Equal(first, again.Sign(Prepare(5, A)));
    }

    [Fact]
    public void L17_a_torn_record_leaves_the_one_before_and_its_signature_was_never_given()
    {
        using (StatementSigner signer = Open())
        {
            signer.Admit(Prepare(5, A));
            signer.Admit(Prepare(6, A));
        }
        // Records go to the slots in turn: the second one, of height 6, lies in the first slot.
        Damage(slot: 1);

        using SignerFile file = SignerFile.Open(FileSystemDisk.Instance, PathOfFile);
        Assert.False(file.IsDamaged);
        Assert.Equal(new BlockNumber(5), file.Record.Height);
    }

    [Fact]
    public void L18_a_record_without_a_readable_slot_counts_as_lost()
    {
        using (StatementSigner signer = Open())
        {
            signer.Admit(Prepare(5, A));
        }
        Damage(slot: 2);

        using SignerFile file = SignerFile.Open(FileSystemDisk.Instance, PathOfFile);
        Assert.True(file.IsDamaged);
        Assert.False(file.IsNew);
    }

    [Fact]
    public void L8_a_second_seal_of_one_height_is_refused()
    {
        using StatementSigner signer = Open();
        Assert.Equal(SigningFault.None, signer.Admit(new Statement(StatementKind.Seal, new BlockNumber(9), 0, A)));
        Assert.Equal(SigningFault.AnotherVote, signer.Admit(new Statement(StatementKind.Seal, new BlockNumber(9), 0, B)));
    }

    public void Dispose()
    {
        key.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private string PathOfFile => Path.Combine(directory, "signer");

    private static Statement Prepare(ulong height, in Hash256 hash) => new(StatementKind.Prepare, new BlockNumber(height), 0, hash);

    private StatementSigner Open() => new(key, Domain, SignerFile.Open(FileSystemDisk.Instance, PathOfFile), TaskScheduler.Default);

    private void Damage(int slot)
    {
        byte[] bytes = File.ReadAllBytes(PathOfFile);
        bytes[(slot * 512) + 30] ^= 1;
        File.WriteAllBytes(PathOfFile, bytes);
    }
}
