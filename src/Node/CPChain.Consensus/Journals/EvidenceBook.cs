using System.Buffers;
using System.Buffers.Binary;
using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Evidence;
using CPChain.Storage.Disks;
using CPChain.Storage.Journals;

namespace CPChain.Consensus.Journals;

/// <summary>
/// Proofs that this node has met: misconduct (L22.2) and alarms (L20), durable, for whoever judges (rule J6). The file is made with the first one.
/// Used by the consensus loop alone.
/// </summary>
internal sealed class EvidenceBook(IDisk disk, string path) : IDisposable
{
    private const int RecordsMax = 10_000;
    // 1 was a misconduct whose seals had no number, which proves nothing to anybody else.
    private const byte AlarmType = 2;
    private const byte MisconductType = 3;

    private AppendJournal? journal;
    private int records;

    internal static JournalFormat Format => new("evidence", 1);

    internal string Path => path;

    internal void Add(Misconduct misconduct) => Add(MisconductType, (byte)misconduct.Kind, MisconductCodec.Encode(misconduct), []);

    internal void Add(LbftEffect.Alarm alarm) => Add(
        AlarmType,
        (byte)alarm.Reason,
        CertificateCodec.Encode(alarm.First),
        alarm.Second is { } second ? CertificateCodec.Encode(second) : []);

    public void Dispose() => journal?.Dispose();

    private void Add(byte type, byte kind, byte[] first, byte[] second)
    {
        journal ??= AppendJournal.Open(path, Format, _ => records++, disk: disk);
        if (records >= RecordsMax)
        {
            return;
        }
        ArrayBufferWriter<byte> writer = new(first.Length + second.Length + 10);
        writer.Write([type, kind]);
        foreach (byte[] part in (byte[][])[first, second])
        {
            BinaryPrimitives.WriteInt32BigEndian(writer.GetSpan(4), part.Length);
            writer.Advance(4);
            writer.Write(part);
        }
        journal.Append(writer.WrittenSpan);
        journal.Flush(durable: true);
        records++;
    }
}
