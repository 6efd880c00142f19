using CPChain.Chain;
using CPChain.Consensus.Wire;
using CPChain.Crypto;
using CPChain.Execution;
using CPChain.Lbft.Certificates;
using CPChain.Network;
using CPChain.Types;

namespace CPChain.Consensus.Tests.Cases;

/// <summary>A final block with the certificate that one node holds for it.</summary>
internal sealed record Final(Block Block, Certificate Certificate)
{
    public static Final Of(ChainNode node, ulong number)
    {
        Assert.True(CertificateCodec.TryDecode(node.Ledger.CertificateOf(number)!, out Certificate? certificate, out _));
        return new Final(node.Ledger.BlockByNumber(number)!, certificate);
    }
}

/// <summary>Blocks and connections that cases make by hand.</summary>
internal static class HostBlocks
{
    /// <summary>A valid block of this number on the chain of node 0, sealed by that proposer.</summary>
    public static Block Sealed(TestCluster cluster, int proposer, ulong number, params byte[] extra)
    {
        ChainNode view = cluster[0];
        BuiltBlock built = BlockBuilder.Build(
            view.Ledger.HeaderByNumber(number - 1)!, view.Ledger.HeadState, [],
            new BlockPlan(cluster.Key(proposer).Address, 0, extra), view.Rules);
        return built.Seal(cluster.Key(proposer).Sign(built.SealDigest(view.Rules)));
    }

    /// <summary>A connection of its own in the name of a key, not started yet.</summary>
    public static PeerNetwork Network(TestCluster cluster, PrivateKey key, PeerRole role) => new(new NetworkOptions
    {
        Key = key,
        Role = role,
        ChainId = cluster.Genesis.ChainId,
        Genesis = GenesisState.Create(cluster.Genesis).Block.Hash,
        Catalog = ChainMessages.Catalog(cluster.Genesis.Limits),
    });

    /// <summary>Connected to the validators that run, or to those named.</summary>
    public static async Task<PeerNetwork> ConnectToValidatorsAsync(
        TestCluster cluster, PrivateKey key, PeerRole role, params int[] validators)
    {
        PeerNetwork network = Network(cluster, key, role);
        network.Start();
        for (int i = 0; i < TestCluster.Validators; i++)
        {
            if (validators.Length == 0 ? cluster.Running.Any(node => node.Identity == cluster.Key(i).Address) : validators.Contains(i))
            {
                Assert.Null(await network.ConnectAsync(cluster.PeerOf(i)));
            }
        }
        return network;
    }
}
