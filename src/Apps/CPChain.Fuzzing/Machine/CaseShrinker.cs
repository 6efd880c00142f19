using CPChain.Chain;

namespace CPChain.Fuzzing.Machine;

/// <summary>
/// Makes a case that shows a difference as small as it gets: whole accounts go, then storage, then pieces of code. The transaction stays: it
/// is signed.
/// </summary>
public static class CaseShrinker
{
    /// <summary>Shrinks while <paramref name="differs"/> holds, asking it at most <paramref name="triesMax"/> times.</summary>
    public static async Task<MachineCase> ShrinkAsync(MachineCase one, Func<MachineCase, Task<bool>> differs, int triesMax)
    {
        int tries = 0;
        for (int index = one.Accounts.Length - 1; index >= 0; index--)
        {
            await TryAsync(one with { Accounts = one.Accounts.RemoveAt(index) });
        }

        for (int index = 0; index < one.Accounts.Length; index++)
        {
            GenesisAccount account = one.Accounts[index];
            if (account.Storage.Length > 0) await TryAsync(With(index, account with { Storage = [] }));
        }

        for (int index = 0; index < one.Accounts.Length; index++) await ShortenAsync(index);
        return one;

        async Task ShortenAsync(int index)
        {
            // First its end, then pieces of it: what is cut off an end moves no jump.
            for (int step = one.Accounts[index].Code.Length / 2; step > 0; step /= 2)
            {
                while (one.Accounts[index].Code.Length >= step)
                {
                    ReadOnlyMemory<byte> code = one.Accounts[index].Code;
                    if (!await TryAsync(With(index, one.Accounts[index] with { Code = code[..^step] }))) break;
                }
            }

            for (int step = 8; step > 0; step /= 2)
            {
                for (int at = 0; at + step <= one.Accounts[index].Code.Length; at += step)
                {
                    byte[] code = one.Accounts[index].Code.ToArray();
                    // A JUMPDEST costs one gas and does nothing.
                    if (code.AsSpan(at, step).IndexOfAnyExcept((byte)0x5b) < 0) continue;
                    code.AsSpan(at, step).Fill(0x5b);
                    await TryAsync(With(index, one.Accounts[index] with { Code = code }));
                }
            }
        }

        MachineCase With(int index, GenesisAccount account) => one with { Accounts = one.Accounts.SetItem(index, account) };

        async Task<bool> TryAsync(MachineCase smaller)
        {
            if (tries++ >= triesMax || !await differs(smaller)) return false;
            one = smaller;
            return true;
        }
    }
}
