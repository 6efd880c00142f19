using System.Text.Json;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Rpc.Json;
using CPChain.Types;

namespace CPChain.Rpc.Tracing;

/// <summary>
/// The accounts and slots that a transaction looks at, as they were before it, or only what it changes, before and after
/// (go-ethereum's prestateTracer).
/// </summary>
internal sealed class PrestateTracer : ITransactionTracer
{
    private const int AccountBytes = 250;
    private const int SlotBytes = 140;
    private const byte Balance = 0x31, Extcodesize = 0x3b, Extcodecopy = 0x3c, Extcodehash = 0x3f, Sload = 0x54, Sstore = 0x55;

    private readonly TraceSubject _subject;
    private readonly TraceOptions _options;
    private readonly TraceBudget _budget;
    private readonly SortedDictionary<Address, Before> _accounts = [];
    private readonly List<(Address Address, Before Before, After After)> _changed = [];

    public PrestateTracer(TraceSubject subject, TraceOptions options, TraceBudget budget)
    {
        (_subject, _options, _budget) = (subject, options, budget);
        UnsignedTransaction content = subject.Content;
        LookAt(subject.Sender);
        LookAt(content.To ?? ContractAddress.Create(subject.Sender, content.Nonce));
        LookAt(subject.Coinbase);
        foreach (Authorization authorization in content.Authorizations)
            if (authorization.TryRecoverAuthority(out Address authority)) LookAt(authority);
    }

    // The callee is looked up before anything moves, but the outermost call was by then: it is known from the constructor.
    public void OnEnter(in EvmCall call)
    {
        LookAt(call.To);
        if (call.Kind is EvmCallKind.Create or EvmCallKind.Create2 or EvmCallKind.SelfDestruct) return;
        ReadOnlySpan<byte> code = _subject.State.GetCodeOf(call.To).Span;
        if (TransactionRules.IsDesignator(code)) LookAt(Address.FromBytes(code[^Address.Length..]));
    }

    public void OnStep(in EvmStep step)
    {
        if (step.Stack.IsEmpty) return;
        switch (step.Opcode)
        {
            case Sload or Sstore:
                LookAt(step.Self, step.Stack[^1]);
                break;
            case Balance or Extcodesize or Extcodecopy or Extcodehash or (byte)EvmCallKind.SelfDestruct:
                LookAt(Address.FromUInt256(step.Stack[^1]));
                break;
            default:
                break;
        }
    }

    public void OnLog(EvmLog log)
    {
    }

    public void OnLeave(in EvmExit exit)
    {
    }

    // The state goes on to the next transaction: what it is now is looked at now.
    public void End(ulong gasUsed)
    {
        if (!_options.IsDiff) return;
        _changed.AddRange(_accounts.Select(one => (one.Key, one.Value, After.Of(_subject.State, one.Key, one.Value))).Where(one => one.Item3.Differs));
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (_options.IsDiff)
        {
            json.WriteStartObject("post");
            foreach ((Address address, Before before, After after) in _changed.Where(one => !one.After.IsGone))
                after.Write(json, address, before, _options);
            json.WriteEndObject();
            json.WriteStartObject("pre");
            foreach ((Address address, Before before, After after) in _changed.Where(one => !one.Before.IsEmpty || _options.WithEmpty))
                before.Write(json, address, _options, slot => !before.Slots[slot].IsZero && after.Slots[slot] != before.Slots[slot]);
            json.WriteEndObject();
        }
        else
        {
            foreach ((Address address, Before before) in _accounts.Where(one => !one.Value.IsEmpty || _options.WithEmpty))
                before.Write(json, address, _options, static _ => true);
        }
        json.WriteEndObject();
    }

    private void LookAt(in Address address)
    {
        if (_accounts.ContainsKey(address) || !_budget.Take(AccountBytes)) return;
        StateOverlay state = _subject.State;
        ReadOnlyMemory<byte> code = state.GetCodeOf(address);
        if (_options.WithoutCode || _budget.Take(2L * code.Length))
            _accounts.Add(address, new Before(state.GetBalance(address), state.GetNonce(address), code, state.GetCodeHash(address)));
    }

    private void LookAt(in Address self, in UInt256 slot)
    {
        LookAt(self);
        if (_options.WithoutStorage || !_accounts.TryGetValue(self, out Before? account) || account.Slots.ContainsKey(slot)) return;
        if (_budget.Take(SlotBytes)) account.Slots.Add(slot, _subject.State.GetStorage(self, slot));
    }

    private static void WriteSlot(Utf8JsonWriter json, UInt256 slot, UInt256 word) =>
        json.WriteString(Hex.Encode(slot.ToBigEndian()), Hex.Encode(word.ToBigEndian()));

    private sealed record Before(UInt256 Coins, ulong Nonce, ReadOnlyMemory<byte> Code, Hash256 CodeHash)
    {
        public SortedDictionary<UInt256, UInt256> Slots { get; } = [];

        public bool IsEmpty => Coins.IsZero && Nonce == 0 && Code.IsEmpty;

        public void Write(Utf8JsonWriter json, Address address, TraceOptions options, Func<UInt256, bool> isShown)
        {
            json.WriteStartObject(address.ToString());
            json.Quantity("balance", Coins);
            if (!Code.IsEmpty && !options.WithoutCode) json.Bytes("code", Code.Span);
            if (!Code.IsEmpty) json.Hash("codeHash", CodeHash);
            if (Nonce != 0) json.WriteNumber("nonce", Nonce);
            UInt256[] shown = [.. Slots.Keys.Where(isShown)];
            if (shown.Length > 0)
            {
                json.WriteStartObject("storage");
                foreach (UInt256 slot in shown) WriteSlot(json, slot, Slots[slot]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
    }

    private sealed record After(bool IsGone, UInt256 Coins, ulong Nonce, ReadOnlyMemory<byte> Code, Hash256 CodeHash, bool Differs)
    {
        public required SortedDictionary<UInt256, UInt256> Slots { get; init; }

        public static After Of(StateOverlay state, Address address, Before before)
        {
            bool isThere = state.TryGetAccount(address, out Account account);
            SortedDictionary<UInt256, UInt256> slots = [];
            foreach (UInt256 slot in before.Slots.Keys) slots.Add(slot, isThere ? state.GetStorage(address, slot) : UInt256.Zero);
            bool differs = account.Balance != before.Coins || account.Nonce != before.Nonce || account.CodeHash != before.CodeHash
                || slots.Any(one => one.Value != before.Slots[one.Key]);
            return new After(
                !isThere && !before.IsEmpty, account.Balance, account.Nonce, state.GetCode(account.CodeHash), account.CodeHash, differs)
            {
                Slots = slots,
            };
        }

        public void Write(Utf8JsonWriter json, Address address, Before before, TraceOptions options)
        {
            json.WriteStartObject(address.ToString());
            if (Coins != before.Coins) json.Quantity("balance", Coins);
            if (CodeHash != before.CodeHash)
            {
                if (!options.WithoutCode) json.Bytes("code", Code.Span);
                json.Hash("codeHash", CodeHash);
            }
            if (Nonce != before.Nonce) json.WriteNumber("nonce", Nonce);
            UInt256[] shown = [.. Slots.Where(one => !one.Value.IsZero && one.Value != before.Slots[one.Key]).Select(one => one.Key)];
            if (shown.Length > 0)
            {
                json.WriteStartObject("storage");
                foreach (UInt256 slot in shown) WriteSlot(json, slot, Slots[slot]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
    }
}
