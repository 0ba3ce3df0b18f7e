using NUnit.Framework;

// Scenarios wait for the cluster far more than they compute: more of them at once than there are cores.
[assembly: Parallelizable(ParallelScope.Children)]
[assembly: LevelOfParallelism(12)]
