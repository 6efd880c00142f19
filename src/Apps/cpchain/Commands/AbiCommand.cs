using System.CommandLine;
using CPChain.App.Terminal;
using CPChain.Sdk.Generation;

namespace CPChain.App.Commands;

/// <summary>`cpchain abi generate`: C# of a contract from its ABI.</summary>
internal static class AbiCommand
{
    public static Command Create() => new("abi", "C# classes of contracts from their ABI.") { Generate() };

    private static Command Generate()
    {
        Argument<string> file = new("file") { Description = "An ABI, or an artifact of Hardhat, Foundry or solc.", HelpName = "FILE.json" };
        Option<string> space = new("--namespace") { Description = "The namespace of the class.", HelpName = "N", Required = true };
        Option<string?> name = new("--name") { Description = "The class; by default the contract's name.", HelpName = "C" };
        Option<string?> target = new("--out") { Description = "Where to write; standard output by default.", HelpName = "FILE.cs" };
        Option<bool> bare = new("--no-bytecode") { Description = "Leave out the code, so that the contract cannot be deployed alone." };
        Option<bool> check = new("--check") { Description = "Write nothing; exit code 1 when FILE.cs is not what would be written." };
        Command command = new("generate", "Write a class with the contract's functions, structs, events and errors.")
        {
            file, space, name, target, bare, check,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            string code = await MakeAsync(
                parsed.GetValue(file)!, parsed.GetValue(space)!, parsed.GetValue(name), !parsed.GetValue(bare), cancel);
            string? path = parsed.GetValue(target);
            if (path is not null && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
                throw new CommandFault($"there is no folder for {path}.", "make the folder first, or name a file in another.");
            if (parsed.GetValue(check)) return await IsSameAsync(path, code, cancel) ? 0 : CommandFault.FailedExitCode;
            if (path is null) await Console.Out.WriteAsync(code);
            else await File.WriteAllTextAsync(path, code, cancel);
            return 0;
        });
        return command;
    }

    private static async Task<string> MakeAsync(
        string file, string space, string? name, bool hasBytecode, CancellationToken cancel)
    {
        if (!File.Exists(file)) throw new CommandFault($"there is no file {file}.", "name the JSON file of a contract.");
        try
        {
            CompiledContract contract = CompiledContract.Parse(await File.ReadAllTextAsync(file, cancel));
            string className = name ?? contract.Name ?? Path.GetFileNameWithoutExtension(file);
            return ContractGenerator.Generate(contract, new GeneratorOptions(space, className) { HasBytecode = hasBytecode });
        }
        catch (FormatException e)
        {
            throw new CommandFault($"{file}: {e.Message}", "give an ABI as compilers write it, and names that C# allows.");
        }
    }

    private static async Task<bool> IsSameAsync(string? path, string code, CancellationToken cancel)
    {
        if (path is null) throw new CommandFault("--check needs a file to compare with.", "add --out FILE.cs.");
        return File.Exists(path) && await File.ReadAllTextAsync(path, cancel) == code;
    }
}
