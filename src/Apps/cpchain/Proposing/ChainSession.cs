using CPChain.App.Devnet;
using CPChain.App.Terminal;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Sdk;
using CPChain.Sdk.Contracts.Generated;
using CPChain.Types;
using Deployed = CPChain.Sdk.Contracts.SystemContracts;

namespace CPChain.App.Proposing;

/// <summary>One command's work with a chain: its node, the account, and the contracts of the economy.</summary>
/// <param name="client">The node.</param>
/// <param name="key">Signs; null where a command only asks.</param>
/// <param name="address">The account.</param>
/// <param name="answer">What the command tells.</param>
/// <param name="quiet">A machine reads.</param>
internal sealed class ChainSession(ChainClient client, PrivateKey? key, Address address, Answer answer, bool quiet) : IDisposable
{
    // Blocks of the main network come each ten seconds; local ones much faster.
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_receiptWithin = TimeSpan.FromMinutes(3);

    private readonly AccountSender? sender = key is null ? null : new AccountSender(client, key) { ReceiptTimeout = s_receiptWithin };

    public ChainClient Client => client;

    public Address Address => address;

    public Answer Answer => answer;

    public bool Quiet => quiet;

    public PrivateKey Key => key ?? throw new InvariantViolation("a command that signs opens a key first");

    public AccountSender Sender => sender ?? throw new InvariantViolation("a command that signs opens a key first");

    public RNodePool RNodes { get; } = new(client, Deployed.RNodePool.Address);

    public Campaign Campaign { get; } = new(client, Deployed.Campaign.Address);

    public EconomyPool Economy { get; } = new(client, Deployed.EconomyPool.Address);

    public DporViews Dpor { get; } = new(client, Deployed.Dpor.Address);

    public Admission Admission { get; } = new(client, Deployed.Admission.Address);

    public Task<ChainNumbers> NumbersAsync(CancellationToken cancel) =>
        ChainNumbers.ReadAsync(new Parameters(client, Deployed.Parameters.Address), cancel);

    /// <summary>The head's number each time that it has risen, from that of now on.</summary>
    public IAsyncEnumerable<ulong> HeadsAsync(CancellationToken cancel) => new HeadWatch(client, s_lookEvery).NumbersAsync(cancel);

    /// <summary>Waits until the head is at least this.</summary>
    public async Task<ulong> HeadAtLeastAsync(ulong number, CancellationToken cancel)
    {
        await foreach (ulong head in HeadsAsync(cancel))
        {
            if (head >= number) return head;
        }

        throw new OperationCanceledException(cancel);
    }

    /// <summary>Waits for a transaction's block and tells where it is.</summary>
    public async Task<ReceiptInfo> DoneAsync(PendingTransaction sent, CancellationToken cancel)
    {
        ReceiptInfo receipt = await sent.WaitAsync(cancel);
        answer.Fact("transaction", "transaction", $"{receipt.TransactionHash}");
        answer.Fact("block", "in block", $"{receipt.BlockNumber}", receipt.BlockNumber);
        return receipt;
    }

    public void Dispose() => sender?.Dispose();
}
