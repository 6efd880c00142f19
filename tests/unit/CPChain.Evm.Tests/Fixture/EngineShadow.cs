namespace CPChain.Evm.Tests;

/// <summary>Another engine that runs what a <see cref="TestChain"/> runs, on a state of its own.</summary>
internal sealed class EngineShadow(EvmRules rules, EvmEngine engine)
{
    private readonly EvmMachine _machine = new(rules, engine);

    internal StateOverlay? Overlay { get; set; }

    /// <summary>Runs a message and compares all that can be observed.</summary>
    internal void MustAgree(TestChain chain, in EvmMessage message, in EvmResult expected)
    {
        EvmResult result = _machine.Execute(message, Overlay!, chain.Block, chain.Transaction);
        Assert.Equal(Outcome(expected.Status), Outcome(result.Status));
        Assert.Equal(expected.GasLeft, result.GasLeft);
        Assert.Equal(expected.Output.ToArray(), result.Output.ToArray());
        Assert.Equal(expected.CreatedAddress, result.CreatedAddress);
        Assert.Equal(chain.Refund, Overlay!.Refund);
        Assert.Equal(chain.Logs.Select(Text), Overlay.TakeLogs().Select(Text));
        Overlay.EndTransaction();
        Assert.Equal(Text(chain.Overlay!.Collect()), Text(Overlay.Collect()));
    }

    /// <summary>A block that fails for several causes may name another one first.</summary>
    private static string Outcome(EvmStatus status) => status switch
    {
        EvmStatus.OutOfGas or EvmStatus.StackUnderflow or EvmStatus.StackOverflow or EvmStatus.BadJump
            or EvmStatus.InvalidOpcode or EvmStatus.StaticViolation or EvmStatus.ReturnDataOutOfBounds => "failed",
        _ => status.ToString(),
    };

    private static string Text(EvmLog log) =>
        $"{log.Address} {string.Join(' ', log.Topics)} {Convert.ToHexString(log.Data.Span)}";

    private static string Text(StateChanges changes) => string.Join(
        '\n',
        [
            .. changes.Accounts.Select(static one => $"{one.Address} {one.After}"),
            .. changes.Storage.Select(static one => $"{one.Address} {one.Slot} {one.Value}"),
            .. changes.ClearedStorage.Select(static one => $"cleared {one}"),
            .. changes.Codes.Select(static one => $"code {one.CodeHash} {Convert.ToHexString(one.Code.Span)}"),
        ]);
}
