using CPChain.Samples;
using CPChain.Sdk;

// dotnet run --project samples/CPChain.Samples [URL of a node of `cpchain devnet`]
Uri node = new(args.Length > 0 ? args[0] : "http://127.0.0.1:8545");
using LocalAccount funded = LocalAccount.Devnet(0);
await Tour.RunAsync(node, funded, Console.Out);
