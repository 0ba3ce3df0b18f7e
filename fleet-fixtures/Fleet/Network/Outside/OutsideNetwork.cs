using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace SecuritySpecs.FleetProgram.Network;

/// <summary>
/// A network beyond the node that this process runs on: a network namespace of its own behind a pair of virtual interfaces. What pods
/// send there leaves the node like any other packet that it forwards, and is judged like one; an address on the node itself
/// would not be. The kernel takes all of it away with this process, however that ends.
/// </summary>
internal static class OutsideNetwork
{
    /// <summary>The node's end; addresses of 198.51.100.0/24 are for documentation (RFC 5737).</summary>
    public static readonly IPAddress Gateway = IPAddress.Parse("198.51.100.1");

    private const string NodeEnd = "specs-outside";
    private const string OutsideEnd = "outside";
    private static readonly IPAddress s_network = IPAddress.Parse("255.255.255.0");
    private static readonly IPAddress s_alone = IPAddress.Broadcast;

    /// <summary>Makes the network, and does something in it.</summary>
    /// <param name="addresses">Outside: the first ones of 198.51.100.0/24; any others are reached by way of the first.</param>
    /// <param name="inside">Opens sockets, which stay outside wherever they are used later.</param>
    /// <exception cref="FleetException">This process may not, or the node has such interfaces already.</exception>
    public static T Open<T>(IReadOnlyList<IPAddress> addresses, Func<T> inside)
    {
        var opened = OnAThreadOfItsOwn(() =>
        {
            Check(Native.Unshare(Native.NewNetwork), "a network namespace");
            CreatePair();
            Configure(OutsideEnd, addresses[0], s_network);
            for (var i = 1; i < addresses.Count; i++)
                Configure($"{OutsideEnd}:{i}", addresses[i], s_alone);
            AddRoute(IPAddress.Any, IPAddress.Any, Gateway);
            return inside();
        });
        Configure(NodeEnd, Gateway, s_network);
        foreach (var far in addresses.Where(a => !IsNear(a)))
            AddRoute(far, s_alone, addresses[0]);
        return opened;
    }

    private static bool IsNear(IPAddress address) => address.GetAddressBytes().AsSpan(0, 3).SequenceEqual(Gateway.GetAddressBytes().AsSpan(0, 3));

    // A namespace is entered by a thread; the sockets that it opens keep it when the thread is gone.
    private static T OnAThreadOfItsOwn<T>(Func<T> work)
    {
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        return result!;
    }

    // RTM_NEWLINK (rtnetlink(7)): one end here, the other in the namespace of this process, which is the node's.
    private static void CreatePair()
    {
        const int Create = 16, Request = 0x1, Acknowledge = 0x4, IsNew = 0x400, Exclusive = 0x200;
        const ushort Name = 3, Info = 18, Process = 19, Kind = 1, Data = 2, Peer = 1;
        byte[] interfaceHead = new byte[16];
        var peer = (byte[])[.. interfaceHead, .. Attribute(Name, Text(NodeEnd)), .. Attribute(Process, BitConverter.GetBytes(Environment.ProcessId))];
        var body = (byte[])
        [
            .. interfaceHead, .. Attribute(Name, Text(OutsideEnd)),
            .. Attribute(Info, [.. Attribute(Kind, "veth"u8.ToArray()), .. Attribute(Data, Attribute(Peer, peer))]),
        ];
        var message = new byte[16 + body.Length];
        BitConverter.TryWriteBytes(message.AsSpan(0), message.Length);
        BitConverter.TryWriteBytes(message.AsSpan(4), (ushort)Create);
        BitConverter.TryWriteBytes(message.AsSpan(6), (ushort)(Request | Acknowledge | IsNew | Exclusive));
        body.CopyTo(message, 16);

        using var socket = new Native.Descriptor(Native.Netlink);
        Check((int)Native.Send(socket.Number, message, message.Length, 0), "a request to the kernel");
        var answer = new byte[1024];
        Check((int)Native.Receive(socket.Number, answer, answer.Length, 0), "the kernel's answer");
        var error = -BitConverter.ToInt32(answer, 16);
        if (error != 0)
            throw Failure("a pair of interfaces", error);
    }

    private static byte[] Attribute(ushort type, byte[] value)
    {
        var attribute = new byte[4 + ((value.Length + 3) & ~3)];
        BitConverter.TryWriteBytes(attribute.AsSpan(0), (ushort)(4 + value.Length));
        BitConverter.TryWriteBytes(attribute.AsSpan(2), type);
        value.CopyTo(attribute, 4);
        return attribute;
    }

    // netdevice(7): struct ifreq is a name of 16 bytes and an address or flags.
    private static void Configure(string name, IPAddress address, IPAddress mask)
    {
        const ulong SetAddress = 0x8916, SetMask = 0x891c, SetFlags = 0x8914;
        const short Up = 0x41;
        using var socket = new Native.Descriptor(Native.Internet);
        Request(SetAddress, Address(address));
        Request(SetMask, Address(mask));
        if (!name.Contains(':', StringComparison.Ordinal))
            Request(SetFlags, BitConverter.GetBytes(Up));

        void Request(ulong request, byte[] value)
        {
            var ifreq = new byte[40];
            Text(name).CopyTo(ifreq, 0);
            value.CopyTo(ifreq, 16);
            Check(Native.Control(socket.Number, request, ifreq), $"{address} on {name}");
        }
    }

    // route(7) and <net/route.h>: struct rtentry of a 64-bit kernel.
    private static void AddRoute(IPAddress to, IPAddress mask, IPAddress gateway)
    {
        const ulong Add = 0x890b;
        const short Up = 0x1, ByGateway = 0x2;
        var rtentry = new byte[120];
        Address(to).CopyTo(rtentry, 8);
        Address(gateway).CopyTo(rtentry, 24);
        Address(mask).CopyTo(rtentry, 40);
        BitConverter.TryWriteBytes(rtentry.AsSpan(56), (short)(Up | ByGateway));
        using var socket = new Native.Descriptor(Native.Internet);
        Check(Native.Control(socket.Number, Add, rtentry), $"a route to {to}");
    }

    private static byte[] Address(IPAddress address)
    {
        var sockaddr = new byte[16];
        BitConverter.TryWriteBytes(sockaddr, Native.Internet);
        address.GetAddressBytes().CopyTo(sockaddr, 4);
        return sockaddr;
    }

    private static byte[] Text(string text) => [.. Encoding.ASCII.GetBytes(text), 0];

    private static void Check(int result, string what)
    {
        if (result < 0)
            throw Failure(what, Marshal.GetLastPInvokeError());
    }

    private static FleetException Failure(string what, int error) => new($"{what}: {Marshal.GetPInvokeErrorMessage(error)}");

    private static class Native
    {
        public const int NewNetwork = 0x40000000;
        public const short Internet = 2;
        public const short Netlink = 16;

        [DllImport("libc", EntryPoint = "unshare", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Unshare(int flags);

        [DllImport("libc", EntryPoint = "ioctl", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Control(int descriptor, ulong request, byte[] argument);

        [DllImport("libc", EntryPoint = "send", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern nint Send(int descriptor, byte[] message, nint length, int flags);

        [DllImport("libc", EntryPoint = "recv", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern nint Receive(int descriptor, byte[] message, nint length, int flags);

        [DllImport("libc", EntryPoint = "socket", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int Socket(int family, int type, int protocol);

        [DllImport("libc", EntryPoint = "close"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int Close(int descriptor);

        /// <summary>A datagram socket of a family, for requests to the kernel.</summary>
        public sealed class Descriptor : IDisposable
        {
            public Descriptor(int family)
            {
                const int Datagrams = 2;
                Number = Socket(family, Datagrams, 0);
                Check(Number, "a socket");
            }

            public int Number { get; }

            public void Dispose() => _ = Close(Number);
        }
    }
}
