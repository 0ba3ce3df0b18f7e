using SecuritySpecs.ClusterDns;

namespace SecuritySpecs.OfflineCluster.Tests;

/// <summary>What dnsmasq is given for the Services and Endpoints that an API server sends.</summary>
[TestFixture]
internal sealed class ZoneTests
{
    [Test]
    public void A_Service_has_its_address_and_an_SRV_record_for_every_named_port()
    {
        var zone = Of("""{"clusterIP": "10.43.0.7", "ports": [{"name": "http", "port": 80, "targetPort": 8080}, {"name": "dns", "port": 53, "protocol": "UDP"}]}""");

        Lines(zone.Hosts).Should().Equal("10.43.0.7 web.blue.svc.cluster.local");
        Lines(zone.Records).Should().Equal(
            "srv-host=_http._tcp.web.blue.svc.cluster.local,web.blue.svc.cluster.local,80,0,100",
            "srv-host=_dns._udp.web.blue.svc.cluster.local,web.blue.svc.cluster.local,53,0,100");
        Lines(zone.Servers).Should().Equal("server=/_tcp.web.blue.svc.cluster.local/127.0.0.1#5300", "server=/_udp.web.blue.svc.cluster.local/127.0.0.1#5300");
    }

    [Test]
    public void A_port_without_a_name_has_no_SRV_record() =>
        Of("""{"clusterIP": "10.43.0.7", "ports": [{"port": 80}]}""").Should().BeEquivalentTo(new { Records = "", Servers = "" });

    [Test]
    public void Both_families_of_addresses_are_named() =>
        Lines(Of("""{"clusterIP": "10.43.0.7", "clusterIPs": ["10.43.0.7", "fd00::7"]}""").Hosts)
            .Should().Equal("10.43.0.7 web.blue.svc.cluster.local", "fd00::7 web.blue.svc.cluster.local");

    [Test]
    public void A_headless_Service_is_its_ready_endpoints_each_with_a_name_of_its_own()
    {
        var zone = Of("""{"clusterIP": "None", "clusterIPs": ["None"]}""", """
            [{"addresses": [{"ip": "10.42.0.5", "hostname": "one"}, {"ip": "10.42.0.6"}], "notReadyAddresses": [{"ip": "10.42.0.9"}], "ports": [{"name": "p", "port": 8080}]}]
            """);

        // The first name of an address is its PTR record.
        Lines(zone.Hosts).Should().Equal(
            "10.42.0.6 10-42-0-6.web.blue.svc.cluster.local",
            "10.42.0.5 one.web.blue.svc.cluster.local",
            "10.42.0.6 web.blue.svc.cluster.local",
            "10.42.0.5 web.blue.svc.cluster.local");
        Lines(zone.Records).Should().Equal(
            "srv-host=_p._tcp.web.blue.svc.cluster.local,10-42-0-6.web.blue.svc.cluster.local,8080,0,100",
            "srv-host=_p._tcp.web.blue.svc.cluster.local,one.web.blue.svc.cluster.local,8080,0,100");
    }

    [Test]
    public void The_endpoints_of_an_ordinary_Service_have_names_and_the_Service_keeps_its_one_address() =>
        Lines(Of("""{"clusterIP": "10.43.0.7"}""", """[{"addresses": [{"ip": "10.42.0.5"}]}]""").Hosts)
            .Should().Equal("10.43.0.7 web.blue.svc.cluster.local", "10.42.0.5 10-42-0-5.web.blue.svc.cluster.local");

    [Test]
    public void A_Service_without_endpoints_or_without_a_port_is_no_error()
    {
        Of("""{"clusterIP": "None"}""").Should().Be(new Zone("", "", ""));
        Of("""{"clusterIP": "None"}""", "[]").Should().Be(new Zone("", "", ""));
    }

    [Test]
    public void An_ExternalName_is_an_alias_whatever_else_it_has()
    {
        var zone = Of("""{"type": "ExternalName", "externalName": "db.green.svc.cluster.local.", "ports": [{"name": "http", "port": 80}]}""", """[{"addresses": [{"ip": "10.42.0.5"}]}]""");

        zone.Should().Be(new Zone("", "server=/web.blue.svc.cluster.local/127.0.0.1#5300\n", "cname=web.blue.svc.cluster.local,db.green.svc.cluster.local\n"));
    }

    [Test]
    public void Aliases_that_lead_back_to_themselves_are_left_out_for_dnsmasq_would_not_start()
    {
        Service[] services = [Alias("a", "b"), Alias("b", "c"), Alias("c", "b"), Alias("self", "self"), Alias("good", "better"), Alias("better", "kubernetes")];

        Lines(Zone.Of(services, []).Records).Should().Equal(
            "cname=better.ns.svc.cluster.local,kubernetes.ns.svc.cluster.local", "cname=good.ns.svc.cluster.local,better.ns.svc.cluster.local");
    }

    [Test]
    public void The_same_cluster_makes_the_same_files_in_whatever_order_it_is_told()
    {
        Service[] services = [Alias("z", "y"), new("blue", "web", [], null, []), new("blue", "api", [], null, [])];
        EndpointSet[] endpoints = [new("blue", "web", [new("b", new(2), []), new("a", new(1), [])]), new("blue", "api", [new("c", new(3), [])])];

        Zone.Of(services.Reverse(), endpoints.Reverse()).Should().Be(Zone.Of(services, endpoints));
    }

    private static Service Alias(string name, string target) => new("ns", name, [], $"{target}.ns.svc.cluster.local", []);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The zone of Service blue/web with this specification and these subsets of Endpoints, and of Endpoints that belong to no Service.</summary>
    private static Zone Of(string spec, string? subsets = null)
    {
        const string Metadata = """{"namespace": "blue", "name": "web"}""";
        var endpoints = JsonNode.Parse($$"""{"metadata": {{Metadata}}, "subsets": {{subsets ?? "null"}} }""")!;
        var stray = JsonNode.Parse("""{"metadata": {"namespace": "blue", "name": "stray"}, "subsets": [{"addresses": [{"ip": "10.42.0.99"}]}]}""")!;
        return Zone.Of([Service.Read(JsonNode.Parse($$"""{"metadata": {{Metadata}}, "spec": {{spec}} }""")!)], [EndpointSet.Read(endpoints), EndpointSet.Read(stray)]);
    }
}
