namespace Grpc.AspNetCore.Server;

/// <summary>What one service takes and gives; what is not set here is as for all.</summary>
/// <typeparam name="TService">The service.</typeparam>
internal sealed class GrpcServiceOptions<TService> : GrpcServiceOptions
    where TService : class
{
}
