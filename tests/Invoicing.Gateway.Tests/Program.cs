using Invoicing.Gateway.Tests.Crashes;

return args is ["till", ..]
    ? await TillProcess.RunAsync(args[1..])
    : args is ["key-host"]
    ? Invoicing.Gateway.Keys.KeyHost.Serve()
    : args is ["rotations", ..]
    ? await RotationProcess.RunAsync(args[1..])
    : args is ["catalogues", ..]
    ? await CatalogueProcess.RunAsync(args[1..])
    : await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, Invoicing.Gateway.Tests.SelfRegisteredExtensions.AddSelfRegisteredExtensions);
