using Invoicing.Authority.Commands;

return await AuthorityCommand.RunAsync(args);
