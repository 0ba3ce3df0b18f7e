global using FluentAssertions;
global using NUnit.Framework;

// Every test has folders, ports and processes of its own.
[assembly: Parallelizable(ParallelScope.All)]
[assembly: LevelOfParallelism(4)]
