using System.Collections.Immutable;
using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Chain;

/// <summary>The JSON document checked field by field; the first bad one is named by its path.</summary>
internal static class GenesisReading
{
    private const int CodeBytesMax = 24_576;

    public static bool TryRead(GenesisDocument document, out Genesis? genesis, out GenesisFault fault)
    {
        genesis = null;
        fault = default;
        if (document.Name.Length is 0 or > 64)
            return Refuse("$.name", "must have 1 to 64 characters", out fault);
        if (document.ChainId is 0 or > long.MaxValue)
            return Refuse("$.chainId", "must be from 1 to 2^63-1", out fault);
        ConsensusTimes times = TimesOf(document);
        if (times.Fault() is (string field, string reason))
            return Refuse("$." + field, reason, out fault);
        BlockLimits limits = BlockLimits.Default;
        if (document.Limits is LimitsDocument given && !TryReadLimits(given, out limits, out fault))
            return false;
        if (document.GasLimit < 5_000 || document.GasLimit > limits.GasMax)
            return Refuse("$.gasLimit", $"must be from 5000 to {limits.GasMax}", out fault);
        if (!TryReadAmount(document.BaseFeeFloor, out UInt256 floor) || floor.BitLength > 128)
            return Refuse("$.baseFeeFloor", "must be a decimal or 0x number below 2^128", out fault);
        if (!TryReadAmount(document.BaseFeePerGas, out UInt256 baseFee) || baseFee.BitLength > 128 || baseFee < floor)
            return Refuse("$.baseFeePerGas", "must be a number from baseFeeFloor to below 2^128", out fault);
        if (!TryReadSchedule(document.Schedule, out CommitteeSchedule? schedule, out fault) || schedule is null)
            return false;
        if (!TryReadDpor(document.Dpor, schedule, out DporGenesis? dpor, out fault))
            return false;
        if (!TryReadAlloc(document.Alloc, out ImmutableArray<GenesisAccount> alloc, out fault))
            return false;
        if (dpor is not null && ElectionWords.FaultOf(alloc, dpor.Parameters, schedule.Entries[0]) is string contract)
            return Refuse("$.alloc", contract, out fault);
        if (alloc.FirstOrDefault(account => DevnetAccounts.IsForbidden(document.ChainId, account.Address)) is { } known)
            return Refuse("$.alloc", $"{known.Address} is a devnet account whose key everybody has", out fault);
        genesis = new Genesis
        {
            Name = document.Name,
            ChainId = document.ChainId,
            TimestampMs = document.TimestampMs,
            Times = times,
            GasLimit = document.GasLimit,
            BaseFeePerGas = baseFee,
            BaseFeeFloor = floor,
            Limits = limits,
            Schedule = schedule,
            Dpor = dpor,
            Alloc = alloc,
        };
        return true;
    }

    private static ConsensusTimes TimesOf(GenesisDocument document) => new()
    {
        PeriodMs = document.PeriodMs,
        TimeoutMs = document.TimeoutMs,
        BlockDelayMs = document.BlockDelayMs,
        DriftMs = document.DriftMs,
        DelayMs = document.DelayMs,
        ExecutionMs = document.ExecutionMs,
        ResendMs = document.ResendMs,
        RoundBaseMs = document.RoundBaseMs,
        RoundStepMs = document.RoundStepMs,
        RoundMaxMs = document.RoundMaxMs,
        RoundWindow = document.RoundWindow,
    };

    private static bool TryReadLimits(LimitsDocument given, out BlockLimits limits, out GenesisFault fault)
    {
        limits = new BlockLimits(given.TransactionsMax, given.GasMax, given.BytesMax, given.TransactionBytesMax);
        fault = default;
        if (given.TransactionsMax is < 1 or > 1_000_000)
            return Refuse("$.limits.transactionsMax", "must be from 1 to 1000000", out fault);
        if (given.GasMax is < 5_000 or > 1_000_000_000_000)
            return Refuse("$.limits.gasMax", "must be from 5000 to 10^12", out fault);
        if (given.BytesMax is < 64 * 1024 or > 64 * 1024 * 1024)
            return Refuse("$.limits.bytesMax", "must be from 64 KiB to 64 MiB", out fault);
        if (given.TransactionBytesMax < 1024
            || given.TransactionBytesMax > given.BytesMax - BlockLimits.OverheadBytesMax)
            return Refuse("$.limits.transactionBytesMax", "must be from 1 KiB to what fits in a block", out fault);
        return true;
    }

    private static bool TryReadSchedule(
        CommitteeDocument[] documents, out CommitteeSchedule? schedule, out GenesisFault fault)
    {
        schedule = null;
        ImmutableArray<CommitteeEntry>.Builder entries = ImmutableArray.CreateBuilder<CommitteeEntry>();
        for (int i = 0; i < documents.Length; i++)
        {
            CommitteeDocument entry = documents[i];
            if (entry is null)
                return Refuse($"$.schedule[{i}]", "must be an object", out fault);
            if (!TryReadAddresses(entry.Validators, $"$.schedule[{i}].validators", out var validators, out fault)
                || !TryReadAddresses(entry.Proposers, $"$.schedule[{i}].proposers", out var proposers, out fault))
                return false;
            entries.Add(new CommitteeEntry(entry.FromNumber, validators, proposers));
        }
        fault = default;
        if (CommitteeSchedule.TryCreate(entries.ToImmutable(), out schedule, out (int Entry, string Reason) why))
            return true;
        fault = new GenesisFault(GenesisFaultKind.BadSchedule, $"$.schedule[{why.Entry}]", why.Reason);
        return false;
    }

    private static bool TryReadAddresses(
        string[] texts, string path, out ImmutableArray<Address> addresses, out GenesisFault fault)
    {
        ImmutableArray<Address>.Builder builder = ImmutableArray.CreateBuilder<Address>(texts.Length);
        addresses = [];
        for (int i = 0; i < texts.Length; i++)
        {
            if (!Address.TryParse(texts[i], out Address address))
                return Refuse($"{path}[{i}]", "must be 0x and 40 hex digits", out fault);
            builder.Add(address);
        }
        addresses = builder.ToImmutable();
        fault = default;
        return true;
    }

    private static bool TryReadDpor(
        ElectionsDocument? given, CommitteeSchedule schedule, out DporGenesis? dpor, out GenesisFault fault)
    {
        dpor = null;
        fault = default;
        if (given is null)
            return true;
        if (!Address.TryParse(given.Foundation, out Address foundation) || foundation.IsZero)
            return Refuse("$.dpor.foundation", "must be 0x and 40 hex digits, not zero", out fault);
        if (!given.Parameters.TryToParameters(out DporParameters? parameters, out (string Field, string Reason) why))
            return Refuse("$.dpor.parameters." + why.Field, why.Reason, out fault);
        if (DporGenesis.FaultOf(schedule) is string reason)
        {
            fault = new GenesisFault(GenesisFaultKind.BadSchedule, "$.schedule", reason);
            return false;
        }
        dpor = new DporGenesis(parameters, foundation);
        return true;
    }

    private static bool TryReadAlloc(
        AccountDocument[] documents, out ImmutableArray<GenesisAccount> alloc, out GenesisFault fault)
    {
        alloc = [];
        SortedDictionary<Address, GenesisAccount> accounts = [];
        UInt256 total = UInt256.Zero;
        for (int i = 0; i < documents.Length; i++)
        {
            string path = $"$.alloc[{i}]";
            if (documents[i] is null)
                return Refuse(path, "must be an object", out fault);
            if (!TryReadAccount(documents[i], path, out GenesisAccount? account, out fault) || account is null)
                return false;
            if (!accounts.TryAdd(account.Address, account))
            {
                fault = new GenesisFault(GenesisFaultKind.DuplicateAccount, path, $"{account.Address} is listed twice");
                return false;
            }
            // Supply is constant: under this total no fee or balance can ever overflow 256 bits.
            if (!UInt256.TryAdd(total, account.Balance, out total) || total.BitLength > 200)
                return Refuse(path + ".balance", "the balances together pass 2^200", out fault);
        }
        alloc = [.. accounts.Values];
        fault = default;
        return true;
    }

    private static bool TryReadAccount(
        AccountDocument document, string path, out GenesisAccount? account, out GenesisFault fault)
    {
        account = null;
        byte[] code = [];
        if (!Address.TryParse(document.Address, out Address address))
            return Refuse(path + ".address", "must be 0x and 40 hex digits", out fault);
        if (!TryReadAmount(document.Balance, out UInt256 balance))
            return Refuse(path + ".balance", "must be a decimal or 0x number below 2^256", out fault);
        if (document.Code is not null && (!Hex.TryDecode(document.Code, out code) || code.Length > CodeBytesMax))
            return Refuse(path + ".code", $"must be 0x and hex digits, {CodeBytesMax} bytes at most", out fault);
        SortedDictionary<UInt256, UInt256> storage = [];
        SlotDocument[] slots = document.Storage ?? [];
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i] is null || !TryReadAmount(slots[i].Slot, out UInt256 slot)
                || !TryReadAmount(slots[i].Value, out UInt256 value))
                return Refuse($"{path}.storage[{i}]", "slot and value must be numbers below 2^256", out fault);
            if (value.IsZero || !storage.TryAdd(slot, value))
                return Refuse($"{path}.storage[{i}]", "zero value, or slot listed twice", out fault);
        }
        account = new GenesisAccount(address, balance, document.Nonce ?? 0, code, [.. storage]);
        fault = default;
        return true;
    }

    private static bool TryReadAmount(string? text, out UInt256 value)
    {
        value = default;
        return text is { Length: > 0 and <= 80 } && UInt256.TryParse(text, out value);
    }

    private static bool Refuse(string path, string reason, out GenesisFault fault)
    {
        fault = new GenesisFault(GenesisFaultKind.OutOfRange, path, reason);
        return false;
    }
}
