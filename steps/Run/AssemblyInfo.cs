using NUnit.Framework;
using SecuritySpecs.Steps.Run;

// Scenarios that wait for GPUs hold a worker each, and do nothing: how many are at work at once, TestRun says.
[assembly: Parallelizable(ParallelScope.Children)]
[assembly: LevelOfParallelism(TestRun.Workers)]
