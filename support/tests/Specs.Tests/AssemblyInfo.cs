using System.Runtime.Versioning;

// `specs` is a bash command.
[assembly: UnsupportedOSPlatform("windows")]
