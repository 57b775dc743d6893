using Invoicing.Gateway.Keys;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Keys;

/// <summary>How tests name keys on a lab's tokens, and what opens them.</summary>
internal static class TokenKeys
{
    public static KeyLocation At(string label = "sign", string token = TokenLab.Token) => KeyLocation.Parse($"pkcs11:token={token};object={label}", "/");

    /// <summary>The lab's module and PIN, and this test program as key host.</summary>
    public static KeyOptions Options(TokenLab lab) => new()
    {
        Pkcs11Module = TokenLab.Module,
        Pkcs11PinPath = lab.PinPath,
        Host = new("/usr/bin/env", [.. lab.Environment, Path.Combine(AppContext.BaseDirectory, typeof(TokenKeys).Assembly.GetName().Name!), "key-host"]),
    };
}
