using SecuritySpecs.FleetProgram.Cli;
using SecuritySpecs.FleetProgram.DevicePlugin;
using SecuritySpecs.FleetProgram.Gpus;
using SecuritySpecs.FleetProgram.Network;

return await new CommandLine(new DevicePluginRole(), new GpuRole(), new ProberRole(), new ProbeRole()).RunAsync(args);
