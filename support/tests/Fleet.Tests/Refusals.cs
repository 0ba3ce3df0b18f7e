using Grpc.Core;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>Calls that have to fail.</summary>
internal static class Refusals
{
    /// <summary>The status that the call ends with.</summary>
    public static async Task<Status> RefusalAsync<T>(this AsyncUnaryCall<T> call) =>
        (await call.Awaiting(c => c.ResponseAsync).Should().ThrowAsync<RpcException>()).Which.Status;
}
