using CPChain.App.Devnet;
using CPChain.Pdash.Progress;
using CPChain.Types;

namespace CPChain.App.Demo.People;

/// <summary>Somebody in a process of its own: does what the lines on the input ask, and tells steps and results on the output.</summary>
internal sealed class PersonServer(PersonLines lines, IDesk desk)
{
    /// <summary>Serves until the input closes or a signal comes.</summary>
    public static async Task RunAsync(string folder, PersonConfig config, Stream input, Stream output, CancellationToken cancel)
    {
        using PersonLines lines = new(output);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using StepLines steps = new(lines);
        List<Task> working = [];
        await using IDesk desk = LocalDesks.Open(config.Role, config.Open(folder, NodeHooks.None, steps.Show), folder, cipher: null);
        PersonReady ready = new(desk.Address, (desk as ISellerDesk)?.Peer.Endpoint);
        await lines.WriteAsync(new PersonReport(PersonLines.Version, 0, Ready: ready), PersonJson.Default.PersonReport, cancel);
        PersonServer server = new(lines, desk);
        try
        {
            await foreach (PersonRequest request in PersonLines.ReadAsync(input, PersonJson.Default.PersonRequest, cancel))
            {
                if (request.Version != PersonLines.Version)
                {
                    throw new CommandFault(
                        $"a request has version {request.Version}; this program knows {PersonLines.Version}.", "start it with the same program.");
                }

                working.RemoveAll(task => task.IsCompleted);
                working.Add(Task.Run(() => server.AnswerAsync(request, steps, ending.Token), CancellationToken.None));
            }
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(working);
        }
    }

    private async Task AnswerAsync(PersonRequest request, StepLines steps, CancellationToken cancel)
    {
        PersonReport report;
        try
        {
            report = new PersonReport(PersonLines.Version, request.Id, Answer: await DoAsync(request.Ask, cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure)
        {
            // Whoever asked ends the run with this message, as if it had happened in its own process.
            CommandFault fault = Failures.TryExplain(failure, out CommandFault? known) ? known : new CommandFault(
                $"{failure.GetType().Name}: {failure.Message}", "this is a defect: please report it with the folder of the run (--keep).",
                CommandFault.EnvironmentExitCode);
            report = new PersonReport(PersonLines.Version, request.Id, Fault: new PersonFault(fault.Message, fault.Fix, fault.ExitCode));
        }

        await steps.FlushAsync();
        try
        {
            await lines.WriteAsync(report, PersonJson.Default.PersonReport, cancel);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // Nobody listens any more; the closed input ends this process.
        }
    }

    private async Task<PersonAnswer> DoAsync(PersonAsk ask, CancellationToken cancel) => (desk, ask) switch
    {
        (ISellerDesk seller, RegisterStreamAsk what) =>
            new StreamAnswer(await seller.RegisterStreamAsync(what.Name, what.Profile, what.Gateway, cancel)),
        (ISellerDesk seller, ListAsk what) => new PutUpAnswer(await seller.ListAsync(what.Offer, cancel)),
        (ISellerDesk seller, GrantAsk what) => new TransactedAnswer(await seller.GrantAsync(what.OrderId, cancel)),
        (ISellerDesk seller, WithdrawAsk) => new TransactedAnswer(await seller.WithdrawAsync(cancel)),
        (IGatewayDesk gateway, SampleAsk what) => new SampledAnswer(await gateway.SampleAsync(
            TimeSpan.FromMilliseconds(what.DurationMs), TimeSpan.FromMilliseconds(what.PeriodMs), cancel)),
        (IGatewayDesk gateway, CollectAsk what) => CollectedAnswer.Of(await gateway.CollectAsync(what.Job, cancel)),
        (IBuyerDesk buyer, OrderAsk what) => new OrderedAnswer(await buyer.OrderAsync(what.ListingId, cancel)),
        (IBuyerDesk buyer, ReceiveAsk what) => new DeliveredAnswer(await buyer.ReceiveAsync(what.OrderId, what.SaveAs, cancel)),
        (IBuyerDesk buyer, RefetchAsk what) => new FetchedAnswer(await buyer.RefetchAsync(what.OrderId, cancel)),
        _ => throw new CommandFault($"{desk.Address} does not do {ask.GetType().Name}.", "start it with the same program."),
    };

    /// <summary>Steps in the order in which they were finished, each before the reply of its request.</summary>
    private sealed class StepLines(PersonLines lines) : IDisposable
    {
        private readonly Lock gate = new();
        private Task written = Task.CompletedTask;

        public void Show(StepReport step)
        {
            lock (gate) written = WriteAfterAsync(written, step);
        }

        public Task FlushAsync()
        {
            lock (gate) return written;
        }

        public void Dispose() => FlushAsync().Wait(TimeSpan.FromSeconds(1));

        private async Task WriteAfterAsync(Task before, StepReport step)
        {
            await before;
            try
            {
                await lines.WriteAsync(
                    new PersonReport(PersonLines.Version, 0, Step: step), PersonJson.Default.PersonReport, CancellationToken.None);
            }
            catch (IOException)
            {
                // Nobody listens any more; the closed input ends this process.
            }
        }
    }
}
