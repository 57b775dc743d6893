using Invoicing.Demo;

return await DemoCommand.RunAsync(args).ConfigureAwait(false);
