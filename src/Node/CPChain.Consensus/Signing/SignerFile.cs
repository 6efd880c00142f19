using CPChain.Consensus.Journals;
using CPChain.Lbft;
using CPChain.Lbft.Signing;
using CPChain.Storage.Disks;
using CPChain.Storage.Sectors;

namespace CPChain.Consensus.Signing;

/// <summary>
/// The signer's record on disk, apart from the journal (rule J5): two slots of one sector written in turn, so that a torn write leaves
/// the record before it. A torn write was never followed by a signature.
/// </summary>
internal sealed class SignerFile : IDisposable
{
    private const string Kind = "signer";
    private const int Slots = 2;

    private readonly SectorFile file;
    private readonly byte[] salt;
    private ulong sequence;

    private SignerFile(SectorFile file)
    {
        this.file = file;
        salt = SectorHeader.Ensure(file, Kind);
    }

    internal SignerRecord Record { get; private set; } = SignerRecord.Empty;

    /// <summary>Nothing was ever signed with this file.</summary>
    internal bool IsNew => sequence == 0 && !IsDamaged;

    /// <summary>In use before, but no slot can be read: what was signed is forgotten, as with a lost journal (L18).</summary>
    internal bool IsDamaged { get; private set; }

    /// <summary>Throws <see cref="Storage.StorageFailure"/> and <see cref="UnknownJournalException"/>.</summary>
    internal static SignerFile Open(IDisk disk, string path)
    {
        SectorFile file = SectorFile.Open(disk, path, (1 + Slots) * SectorFile.SectorBytes);
        try
        {
            SignerFile signer = new(file);
            signer.Load();
            return signer;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Returns when the record is on the disk; an <see cref="Storage.StorageFailure"/> is final.</summary>
    internal void Save(SignerRecord record)
    {
        byte[] body = record.Encode();
        byte[] frame = new byte[SectorFrame.HeaderBytes + body.Length];
        body.CopyTo(frame, SectorFrame.HeaderBytes);
        sequence++;
        SectorFrame.Seal(frame, sequence, salt);
        int sectors = file.Write(1 + (long)(sequence % Slots), frame);
        Types.Invariant.Check(sectors == 1, "J5: a signer's record fits one sector.");
        Record = record;
    }

    public void Dispose() => file.Dispose();

    private void Load()
    {
        byte[] bytes = file.ReadAll();
        bool used = false;
        for (int slot = 1; slot <= Slots; slot++)
        {
            ReadOnlySpan<byte> sector = bytes.AsSpan(slot * SectorFile.SectorBytes, SectorFile.SectorBytes);
            used |= sector.ContainsAnyExcept((byte)0);
            if (!SectorFrame.TryRead(sector, salt, out ulong number, out ReadOnlySpan<byte> body) || number <= sequence)
            {
                continue;
            }
            if (!SignerRecord.TryDecode(body, out SignerRecord? record, out CodecFault fault))
            {
                throw new UnknownJournalException($"{file.Path}: the signer's record cannot be read ({fault}); use the cpchain release that wrote it.");
            }
            sequence = number;
            Record = record;
        }
        IsDamaged = used && sequence == 0;
    }
}
