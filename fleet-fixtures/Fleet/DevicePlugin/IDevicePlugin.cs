using SecuritySpecs.FleetProgram.Grpc;
using SecuritySpecs.FleetProgram.V1Beta1;

namespace SecuritySpecs.FleetProgram.DevicePlugin;

/// <summary>What a device plugin answers to the kubelet.</summary>
internal interface IDevicePlugin
{
    /// <summary>Sent at registration and on request.</summary>
    DevicePluginOptions Options { get; }

    /// <summary>Answers one call of the kubelet's device-plugin API.</summary>
    /// <param name="call">The call.</param>
    /// <param name="stopping">The plugin ends: streams end too.</param>
    Task AnswerAsync(GrpcCall call, CancellationToken stopping);
}
