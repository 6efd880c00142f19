using CPChain.App.Devnet;
using CPChain.Data.Blocks;

namespace CPChain.App.Demo;

/// <summary>What a person asked of the demo.</summary>
/// <param name="DataFile">CSV of a time series; null samples this machine.</param>
/// <param name="TimeColumn">Column with the time; null takes row numbers as seconds.</param>
/// <param name="SampleFor">How long this machine's sensors are sampled.</param>
/// <param name="SampleEvery">Time from sample to sample.</param>
/// <param name="Processes">Every node, gateway, seller and buyer as a process of its own.</param>
/// <param name="KeepFolder">Folder that stays behind; null leaves nothing.</param>
/// <param name="Json">For machines.</param>
public sealed record DemoOptions(
    string? DataFile,
    string? TimeColumn,
    TimeSpan SampleFor,
    TimeSpan SampleEvery,
    bool Processes,
    string? KeepFolder,
    bool Json);

/// <summary>What a test hangs into a run; all null in production.</summary>
/// <param name="Nodes">Hooks of the nodes and participants in this process.</param>
/// <param name="Cipher">Another cipher than AES-GCM, to show that the leak test notices.</param>
/// <param name="Observe">Called when the sale is done and everything still runs.</param>
public sealed record DemoHooks(NodeHooks Nodes, IBlockCipher? Cipher = null, Func<DemoScene, Task>? Observe = null)
{
    public static DemoHooks None { get; } = new(NodeHooks.None);
}
