using CPChain.App.Devnet;
using CPChain.Data.Blocks;
using CPChain.Pdash.Owner;
using CPChain.Pdash.Sampling;
using CPChain.Types;

namespace CPChain.App.Demo.People;

/// <summary>The gateway in this process.</summary>
internal sealed class LocalGatewayDesk(ParticipantFolder folder, string path, IBlockCipher? cipher) : IGatewayDesk
{
    private const string SampledFile = "sampled.csv";

    public Address Address => folder.Key.Address;

    public async Task<string> SampleAsync(TimeSpan duration, TimeSpan period, CancellationToken cancel)
    {
        byte[] bytes = await new MachineSampler(TimeProvider.System).SampleFileAsync(duration, period, cancel);
        string sampled = Path.Combine(path, SampledFile);
        FileStreamOptions ownerOnly = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) ownerOnly.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using FileStream file = new(sampled, ownerOnly);
        await file.WriteAsync(bytes, cancel);
        return sampled;
    }

    public async Task<CollectReport> CollectAsync(CollectJob job, CancellationToken cancel)
    {
        await using Gateway gateway = new(folder.Options, new GatewayOptions(job.Owner, job.Profile, cipher));
        gateway.Start();
        return await gateway.CollectAsync(job.StreamId, Gateway.ReadFile(job.Path), job.TimeColumn, cancel);
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
