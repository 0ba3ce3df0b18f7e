global using SecuritySpecs.FleetProgram.ModelSupply.Tests.Corpus;
global using SecuritySpecs.FleetProgram.ModelSupply.Tests.Writers;
global using SecuritySpecs.FleetProgram.Tests;

// Every test has folders, ports and processes of its own.
[assembly: Parallelizable(ParallelScope.All)]
[assembly: LevelOfParallelism(2)]
