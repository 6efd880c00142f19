using CPChain.Dpor;
using CPChain.Sdk.Proofs;
using CPChain.Types;

namespace CPChain.Sdk.Elections;

/// <summary>The state of one proven block, for rules that read words: each is proven under the header's root before a result counts.</summary>
internal sealed class ProvenState(ChainClient client, ProvenHeader header)
{
    // Rules read lists, then what is said of their members: a few rounds. More is a rule that does not settle.
    private const int RoundsMax = 16;

    // What a node takes in one eth_getProof is 1,024; an answer then has some megabytes.
    private const int SlotsMax = 512;

    private const int AccountsMax = 50;

    // go-ethereum's words for a state that is pruned, and the code for a trie that would take too long to work out.
    private const string PrunedWords = "missing trie node";
    private const int TooFarCode = -32005;

    private readonly ProvenWords _words = new();

    /// <summary>Words and balances proven so far.</summary>
    public int Proven => _words.Count;

    /// <summary>The result of a rule over this state.</summary>
    /// <param name="rule">A pure function; it also runs on words that are still zero because they are missing, and must bear it.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="ProofException">The node did not prove a word.</exception>
    /// <exception cref="StateNotKeptException">The node no longer has the state.</exception>
    public async Task<T> ComputeAsync<T>(Func<IWordView, T> rule, CancellationToken cancel)
    {
        for (int round = 0; round < RoundsMax; round++)
        {
            _words.ForgetMissing();
            T result = rule(_words);
            if (_words.IsComplete) return result;
            await FetchAsync(cancel).ConfigureAwait(false);
        }
        throw new InvariantViolation($"a rule still reads new words after {RoundsMax} rounds");
    }

    private async Task FetchAsync(CancellationToken cancel)
    {
        try
        {
            foreach ((Address contract, List<UInt256> slots) in _words.MissingWords)
            {
                foreach (UInt256[] part in slots.Chunk(SlotsMax))
                {
                    AccountProofInfo said = await client.GetProofAsync(contract, part, header.Number, cancel).ConfigureAwait(false);
                    foreach ((UInt256 slot, UInt256 word) in Checked(contract, said, part).Slots) _words.Put(contract, slot, word);
                }
            }
            foreach (Address[] part in _words.MissingBalances.Chunk(AccountsMax))
            {
                IReadOnlyList<AccountProofInfo> said = await client.GetProofsAsync(part, header.Number, cancel).ConfigureAwait(false);
                for (int i = 0; i < part.Length; i++) _words.PutBalance(part[i], Checked(part[i], said[i], []).Account.Balance);
            }
        }
        catch (RpcException refusal) when (refusal.Code == TooFarCode || refusal.NodeMessage.Contains(PrunedWords, StringComparison.Ordinal))
        {
            throw new StateNotKeptException(client.Node, header.Number, refusal.NodeMessage);
        }
    }

    private ProvenAccount Checked(in Address address, AccountProofInfo said, IReadOnlyList<UInt256> slots)
    {
        ProofFault fault = ChainProofs.TryProveAccount(header.StateRoot, address, said.Proof, out Account account);
        return fault == ProofFault.None
            ? VerifyingClient.Checked(header, address, account, said, slots)
            : throw new ProofException(fault, $"the account {address} at block {header.Number} is {VerifyingClient.Words(fault)}");
    }
}
