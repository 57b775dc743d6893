using Grpc.Core;

namespace Invoicing.Rpc.Tests.Hosting;

/// <summary>Calls that are to fail.</summary>
internal static class Failing
{
    public static async Task<RpcException> With(StatusCode code, Func<Task> call)
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => call().Soon());
        Assert.True(failure.StatusCode == code, $"Expected {code}, found {failure.Status}");
        return failure;
    }

    public static Task<RpcException> With(StatusCode code, Task call) => With(code, () => call);
}
