using SecuritySpecs.FleetProgram.Consoles;
using SecuritySpecs.FleetProgram.DevicePlugin;
using SecuritySpecs.FleetProgram.Gpus;
using SecuritySpecs.FleetProgram.Metrics;
using SecuritySpecs.FleetProgram.Models;
using SecuritySpecs.FleetProgram.ModelSupply;
using SecuritySpecs.FleetProgram.ModelSupply.Fetching;
using SecuritySpecs.FleetProgram.ModelSupply.Loading;
using SecuritySpecs.FleetProgram.ModelSupply.Registry;
using SecuritySpecs.FleetProgram.Network;
using SecuritySpecs.FleetProgram.Sharing;

return await new CommandLine(new DevicePluginRole(), new GpuRole(), new VgpuPluginRole(), new VgpuSchedulerRole(), new GpuJobRole(), new DcgmExporterRole(), new PrometheusTargetsRole(), new ModelServerRole(), new CallRole(), new VerifyModelRole(), new SignModelRole(), new ModelFetchRole(), new ModelRegistryRole(), new ModelLoaderRole(), new ConsoleRole(), new ConsoleGatewayRole(), new ProberRole(), new ProbeRole(), new KnockRole(), new OutsideWorldRole()).RunAsync(args);
