using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using CPChain.App.Devnet;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Network;
using CPChain.Pdash.Progress;
using CPChain.Types;

namespace CPChain.App.Demo.People;

/// <summary>What somebody does on the data platform.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PersonRole>))]
public enum PersonRole
{
    /// <summary>Owns a stream and sells from it.</summary>
    Seller,

    /// <summary>Takes readings in and seals them.</summary>
    Gateway,

    /// <summary>Buys data.</summary>
    Buyer,
}

/// <summary>Everything a person needs to take part, as it lies in the file person.json of the person's folder.</summary>
/// <param name="Version">Format version; 1.</param>
/// <param name="Name">Name in messages and logs, for instance "buyer".</param>
/// <param name="Role">What the person does.</param>
/// <param name="RpcUrl">JSON-RPC of the chain node that is asked.</param>
/// <param name="Genesis">Path of the genesis file, relative to the folder.</param>
/// <param name="PassphraseFile">Path of the passphrase file, relative to the folder.</param>
/// <param name="StorageNodes">The storage nodes that are known.</param>
public sealed record PersonConfig(
    int Version,
    string Name,
    PersonRole Role,
    string RpcUrl,
    string Genesis,
    string PassphraseFile,
    IReadOnlyList<PeerConfig> StorageNodes)
{
    public const int CurrentVersion = 1;
    public const string FileName = "person.json";

    /// <summary>Opens the person's folder; the identity is made on first use.</summary>
    public ParticipantFolder Open(string folder, NodeHooks hooks, Action<StepReport>? progress)
    {
        Genesis genesis = DevnetFolder.ReadGenesis(Path.Combine(folder, Genesis));
        PrivateKey key = Identities.OpenOrCreate(folder, Path.Combine(folder, PassphraseFile));
        IPEndPoint? listen = Role == PersonRole.Seller ? new IPEndPoint(IPAddress.Loopback, 0) : null;
        return ParticipantFolder.Open(
            folder, key, genesis.ChainId, DevnetGenesis.HashOf(genesis), new Uri(RpcUrl), listen, hooks,
            options => options with
            {
                StorageNodes = [.. StorageNodes.Select(node => new PeerAddress(Address.Parse(node.Address), node.Endpoint))],
                Progress = progress,
            });
    }
}

/// <summary>JSON of person.json, generated at build time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PersonConfig))]
internal sealed partial class PersonConfigJson : JsonSerializerContext;
