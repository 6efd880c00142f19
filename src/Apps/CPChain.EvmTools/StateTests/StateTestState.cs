using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Types;

namespace CPChain.EvmTools.StateTests;

/// <summary>Accounts of a state test.</summary>
internal static class StateTestState
{
    internal static ImmutableArray<GenesisAccount> Read(JsonElement state) =>
    [
        .. state.EnumerateObject().Select(static account => new GenesisAccount(
            Address.Parse(account.Name),
            account.Value.Word("balance"),
            account.Value.Small("nonce"),
            Hex.Decode(account.Value.GetProperty("code").GetString()),
            [.. account.Value.GetProperty("storage").EnumerateObject()
                .Select(static slot => KeyValuePair.Create(StateTestJson.Word(slot.Name), StateTestJson.Word(slot.Value)))
                .Where(static slot => !slot.Value.IsZero)])),
    ];
}
