using CPChain.App.Commands;

return await CommandLine.RunAsync(args);
