namespace k8s;

/// <summary>Names of the protocols for streams over a WebSocket.</summary>
public static class WebSocketProtocol
{
    public const string V4BinaryWebsocketProtocol = "v4.channel.k8s.io";
}
